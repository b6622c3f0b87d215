using System.Buffers;
using System.Globalization;

namespace Muster.Files;

/// <summary>Which cell styles of a workbook show numbers as dates. Nothing else of a style matters for a list.</summary>
internal sealed class CellFormats
{
    private const int MaxStyles = 70_000;

    private static readonly SearchValues<char> Elapsed = SearchValues.Create("hHmMsS");

    private readonly List<bool> _isDate = [];

    public static CellFormats None { get; } = new();

    public bool IsDate(int style) => (uint)style < (uint)_isDate.Count && _isDate[style];

    public static CellFormats Read(XlsxXml xml)
    {
        var formats = new CellFormats();
        var dateCodes = new HashSet<int>();
        var numberCodes = new HashSet<int>();
        var inCells = false;
        var cellsDepth = 0;
        while (xml.Read())
        {
            if (xml.IsEnd && xml.Depth == cellsDepth)
            {
                inCells = false;
            }
            if (!xml.IsSheetElement)
            {
                continue;
            }
            if (xml.LocalName == "cellXfs")
            {
                (inCells, cellsDepth) = (!xml.IsEmptyElement, xml.Depth);
            }
            else if (xml.LocalName == "numFmt" && int.TryParse(xml.Attribute("numFmtId"), CultureInfo.InvariantCulture, out var id))
            {
                (IsDateCode(xml.Attribute("formatCode") ?? "") ? dateCodes : numberCodes).Add(id);
            }
            else if (inCells && xml.LocalName == "xf" && xml.Depth == cellsDepth + 1)
            {
                var known = int.TryParse(xml.Attribute("numFmtId"), CultureInfo.InvariantCulture, out var format);
                formats._isDate.Add(known && (dateCodes.Contains(format) || (IsBuiltInDate(format) && !numberCodes.Contains(format))));
            }
            if (formats._isDate.Count > MaxStyles || dateCodes.Count + numberCodes.Count > MaxStyles)
            {
                throw GuardedStream.Bomb();
            }
        }
        return formats;
    }

    /// <summary>Formats that need no code in the file; those above 26 are the dates of East Asian and Thai Excels. 46 is a duration.</summary>
    private static bool IsBuiltInDate(int format) =>
        format is (>= 14 and <= 22) or (>= 27 and <= 36) or 45 or 47 or (>= 50 and <= 58) or (>= 71 and <= 81);

    /// <summary>Whether a format code shows a day or a time of day: letters of dates outside quotes, escapes and brackets.</summary>
    internal static bool IsDateCode(string code)
    {
        var isDate = false;
        for (var i = 0; i < code.Length; i++)
        {
            switch (code[i])
            {
                case ';':
                    return isDate;
                case '"':
                    i = IndexOrEnd(code, '"', i + 1);
                    break;
                case '\\' or '_' or '*':
                    i++;
                    break;
                case '[':
                    var close = IndexOrEnd(code, ']', i);
                    if (close > i + 1 && code.AsSpan(i + 1, close - i - 1).IndexOfAnyExcept(Elapsed) < 0)
                    {
                        // [h]:mm counts hours beyond a day: a duration.
                        return false;
                    }
                    i = close;
                    break;
                case 'd' or 'D' or 'm' or 'M' or 'y' or 'Y' or 'h' or 'H' or 's' or 'S':
                    isDate = true;
                    break;
                case 'G' or 'g' when code.AsSpan(i).StartsWith("General", StringComparison.OrdinalIgnoreCase):
                    i += "General".Length - 1;
                    break;
                default:
                    break;
            }
        }
        return isDate;
    }

    private static int IndexOrEnd(string code, char c, int from) =>
        from <= code.Length && code.IndexOf(c, from) is >= 0 and var at ? at : code.Length;
}
