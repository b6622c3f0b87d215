using Muster.Files;
using Xunit;

namespace Muster.Tests;

public sealed class CellValuesTests
{
    [Theory]
    [InlineData("2026-11-23")]
    [InlineData("2026-11-23T00:00:00")]
    [InlineData("2026-11-23T23:59:59.999Z")]
    [InlineData("2026-11-23 09:30")]
    [InlineData("2026-11-23T09:30:00+14:00")]
    [InlineData("2026/11/23")]
    [InlineData("2026.11.23")]
    [InlineData("20261123")]
    [InlineData("  2026-11-23\u00A0")]
    [InlineData("23/11/2026")]
    [InlineData("23.11.2026")]
    [InlineData("23-11-2026")]
    [InlineData("23 11 2026")]
    [InlineData("11/23/2026")]
    [InlineData("11/23/2026 4:30 PM")]
    [InlineData("23 Nov 2026")]
    [InlineData("23 nov. 2026")]
    [InlineData("23-Nov-2026")]
    [InlineData("23 November 2026")]
    [InlineData("23rd November, 2026")]
    [InlineData("23rd of November 2026")]
    [InlineData("Nov 23, 2026")]
    [InlineData("November 23rd 2026")]
    [InlineData("Monday, 23 November 2026")]
    [InlineData("Mon 23 Nov 2026")]
    [InlineData("Mon, Nov 23, 2026")]
    public void A_date_is_read_in_the_ways_people_write_it(string text)
    {
        Assert.True(CellValues.TryDate(SheetCell.OfText(text), out var date, out var problem), problem);
        Assert.Equal(new DateOnly(2026, 11, 23), date);
    }

    [Theory]
    [InlineData("3/3/2026", 3, 3)]
    [InlineData("2026-3-4", 3, 4)]
    [InlineData("1 May 2026", 5, 1)]
    [InlineData("2 Sept 2026", 9, 2)]
    [InlineData("31/12/2026", 12, 31)]
    public void Days_that_can_only_be_one_day(string text, int month, int day)
    {
        Assert.True(CellValues.TryDate(SheetCell.OfText(text), out var date, out var problem), problem);
        Assert.Equal(new DateOnly(2026, month, day), date);
    }

    [Theory]
    [InlineData("", "missing")]
    [InlineData("03/04/2026", "3 April or 4 March; write 2026-04-03 or 2026-03-04")]
    [InlineData("03.04.2026", "3 April or 4 March")]
    [InlineData("1-2-2026 10:00", "1 February or 2 January")]
    [InlineData("31/02/2026", "February 2026 has 28 days")]
    [InlineData("02/31/2026", "February 2026 has 28 days")]
    [InlineData("2026-02-29", "February 2026 has 28 days")]
    [InlineData("31 Apr 2026", "April 2026 has 30 days")]
    [InlineData("2026-11-00", "November 2026 has 30 days")]
    [InlineData("2026-13-01", "no month 13")]
    [InlineData("32/13/2026", "no month 13")]
    [InlineData("23/11/26", "2 digits")]
    [InlineData("23 Nov 26", "2 digits")]
    [InlineData("0026-11-23", "before 1900")]
    [InlineData("23 Foo 2026", "not a date")]
    [InlineData("23 Nove 2026", "not a date")]
    [InlineData("23 Ma 2026", "not a date")]
    [InlineData("tomorrow", "not a date")]
    [InlineData("12:00:00", "not a date")]
    [InlineData("2026-11-23x", "not a date")]
    [InlineData("2026-11/23", "not a date")]
    [InlineData("２０２６-11-23", "not a date")]
    public void Anything_else_is_refused_with_what_would_be_right(string text, string part)
    {
        Assert.False(CellValues.TryDate(SheetCell.OfText(text), out var date, out var problem));
        Assert.Equal(default, date);
        Assert.Contains(part, problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_that_hold_no_value_say_why()
    {
        SheetCell[] cells = [new("#N/A", CellKind.Error), new("", CellKind.FormulaWithoutValue)];
        foreach (var cell in cells)
        {
            Assert.False(CellValues.TryDate(cell, out _, out var date));
            Assert.False(CellValues.TryText(cell, out _, out var text));
            Assert.False(CellValues.TryName(cell, out _, out var name));
            Assert.False(CellValues.TryNumber(cell, out _, out var number));
            Assert.False(CellValues.TryYesNo(cell, out _, out var answer));
            Assert.All(
                [date, text, name, number, answer],
                problem => Assert.Contains(cell.Kind == CellKind.Error ? "#N/A" : "formula", problem, StringComparison.Ordinal)
            );
        }
        Assert.False(CellValues.TryDate(new("46349", CellKind.Number), out _, out var serial));
        Assert.Contains("format the cell as a date", serial, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData(" YES ", true)]
    [InlineData("TRUE", true)]
    [InlineData("x", true)]
    [InlineData("1", true)]
    [InlineData("No", false)]
    [InlineData("FALSE", false)]
    [InlineData("0", false)]
    public void Yes_and_no(string text, bool expected)
    {
        Assert.True(CellValues.TryYesNo(SheetCell.OfText(text), out var answer, out _));
        Assert.Equal(expected, answer);
    }

    [Theory]
    [InlineData("maybe")]
    [InlineData("")]
    [InlineData("2")]
    public void Neither_yes_nor_no(string text)
    {
        Assert.False(CellValues.TryYesNo(SheetCell.OfText(text), out _, out var problem));
        Assert.Contains("write yes or no", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12", "12")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("\u221212.5", "-12.5")]
    [InlineData(" +3 ", "3")]
    [InlineData("1E3", "1000")]
    [InlineData(".5", "0.5")]
    public void A_number_is_read(string text, string expected)
    {
        Assert.True(CellValues.TryNumber(SheetCell.OfText(text), out var number, out var problem), problem);
        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), number);
    }

    [Theory]
    [InlineData("1,234", "two ways")]
    [InlineData("1,5", "two ways")]
    [InlineData("1.234,5", "two ways")]
    [InlineData("1 234", "not a number")]
    [InlineData("12 %", "not a number")]
    [InlineData("", "not a number")]
    [InlineData("1.", "not a number")]
    [InlineData("１２", "not a number")]
    [InlineData("1E99", "not a number")]
    public void What_is_no_number_or_could_be_two_is_refused(string text, string part)
    {
        Assert.False(CellValues.TryNumber(SheetCell.OfText(text), out _, out var problem));
        Assert.Contains(part, problem, StringComparison.Ordinal);
        Assert.False(CellValues.TryNumber(new("2026-11-23", CellKind.Date), out _, out _));
    }

    [Fact]
    public void Text_loses_what_nobody_sees_and_nothing_else()
    {
        Assert.True(CellValues.TryText(SheetCell.OfText("\uFEFF\u00A0 A\u0001nn\n  Lee\u200B "), out var text, out _));
        Assert.Equal("Ann\n  Lee", text);
        Assert.True(CellValues.TryName(SheetCell.OfText(" Zoe\u0308 \u00A0van\t der\nBerg "), out var name, out _));
        Assert.Equal("Zoë van der Berg", name);
        Assert.True(CellValues.TryText(SheetCell.OfText("a\uD800b\uFFFE"), out var broken, out _));
        Assert.Equal("a\uFFFDb\uFFFD", broken);
        Assert.True(CellValues.TryText(default, out var empty, out _));
        Assert.Equal("", empty);
    }
}
