using System.Globalization;

namespace Muster.Files;

/// <summary>Numbers of sheets as text, and the dates that some of them are. No time zone plays a part.</summary>
internal static class SerialDate
{
    private const long DayAfterLast = 2_958_466;
    private const int LeapDayThatNeverWas = 60;
    private const int DaysTo1904 = 1462;
    private const long MillisecondsOfDay = 86_400_000;

    private static readonly DateTime Epoch = new(1899, 12, 30, 0, 0, 0, DateTimeKind.Unspecified);

    /// <summary>A number in a cell that is formatted as a date.</summary>
    /// <returns>A date in ISO form, or the number where it is no day that all programs agree on.</returns>
    public static SheetCell Cell(double serial, bool is1904)
    {
        var days = is1904 ? serial + DaysTo1904 : serial;
        if (!(days >= (is1904 ? DaysTo1904 : 0) && days < DayAfterLast))
        {
            return new(Text(serial), CellKind.Number);
        }
        if (days < 1 && !is1904)
        {
            return new(
                Epoch.AddMilliseconds(Math.Round(days * MillisecondsOfDay)).ToString("HH:mm:ss", CultureInfo.InvariantCulture),
                CellKind.Text
            );
        }
        if (days < LeapDayThatNeverWas + 1 && !is1904)
        {
            if (days >= LeapDayThatNeverWas)
            {
                return new(Text(serial), CellKind.Number);
            }
            days++;
        }
        var milliseconds = (long)Math.Round(days * MillisecondsOfDay);
        // A time of day is kept as a fraction; what is a millisecond off a whole second was that second.
        var rest = milliseconds % 1000;
        milliseconds =
            rest is 1 ? milliseconds - 1
            : rest is 999 ? milliseconds + 1
            : milliseconds;
        return milliseconds < DayAfterLast * MillisecondsOfDay
            ? new(Iso(Epoch.AddMilliseconds(milliseconds)), CellKind.Date)
            : new(Text(serial), CellKind.Number);
    }

    /// <summary>The ISO form: without the time at midnight, without fractions of a second where there are none.</summary>
    public static string Iso(DateTime moment) =>
        moment.ToString(
            moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd"
                : moment.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ss"
                : "yyyy-MM-ddTHH:mm:ss.fff",
            CultureInfo.InvariantCulture
        );

    /// <summary>A cell of type date, which holds ISO text instead of a number.</summary>
    public static SheetCell IsoCell(string text)
    {
        var zone = text.AsSpan().TrimEnd('Z');
        return DateTime.TryParseExact(
            zone,
            ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var moment
        )
            ? new(Iso(moment), CellKind.Date)
            : SheetCell.OfText(text);
    }

    /// <summary>The shortest text that means exactly this number, without an exponent where that is readable.</summary>
    public static string Text(double number) =>
        Math.Abs(number) is >= 1e15 and < 1e28 or < 1e-4 and > 1e-20
            ? ((decimal)number).ToString("0.#############################", CultureInfo.InvariantCulture) is var plain
            && double.Parse(plain, CultureInfo.InvariantCulture) == number
                ? plain
                : number.ToString("R", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);
}
