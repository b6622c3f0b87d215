using System.Text;

namespace Muster.Files;

/// <summary>Finds what stands between the cells of a CSV.</summary>
internal static class CsvDelimiter
{
    private const int MaxFields = 1000;

    /// <summary>In order of preference when nothing else decides.</summary>
    private static readonly char[] Candidates = [',', ';', '\t', '|'];

    /// <summary>The delimiter of a sample, and whether its first line only says so (<c>sep=;</c>, which Excel writes and does not count as a row).</summary>
    public static (char Delimiter, bool HasHint) Of(string sample, SpreadsheetOptions options)
    {
        var line = sample.AsSpan().TrimStart('"');
        if (line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && line.Length > 4)
        {
            var end = line[5..].TrimStart('"');
            if ((end.IsEmpty || end[0] is '\r' or '\n') && char.IsAscii(line[4]) && line[4] is not ('"' or '\r' or '\n'))
            {
                return (line[4], true);
            }
        }
        var best = (Delimiter: ',', Score: -1.0);
        foreach (var candidate in Candidates)
        {
            var score = Score(Split(sample, candidate, options.HeaderSearchRows), options);
            best = score > best.Score ? (candidate, score) : best;
        }
        return (best.Delimiter, false);
    }

    /// <summary>A recognisable header counts most, then that the rows have the same number of cells, then their number.</summary>
    private static double Score(List<List<string>> rows, SpreadsheetOptions options)
    {
        var header = rows.FindIndex(row => options.LooksLikeHeader(row));
        var counted = rows.Skip(Math.Max(header, 0)).Where(row => row.Count > 1 || row[0].Length > 0).ToList();
        if (counted.Count == 0)
        {
            return 0;
        }
        var width = counted[0].Count;
        var alike = counted.Count(row => row.Count == width) / (double)counted.Count;
        return (header >= 0 ? 1000 : 0) + (width > 1 ? 100 * alike + Math.Min(width, 99) : 0);
    }

    /// <summary>The first rows, split roughly: enough to compare, not to import.</summary>
    private static List<List<string>> Split(string sample, char delimiter, int maxRows)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i <= sample.Length && rows.Count < maxRows; i++)
        {
            var c = i < sample.Length ? sample[i] : '\n';
            if (quoted && i < sample.Length)
            {
                quoted = c != '"';
                field.Append(quoted ? c : "");
            }
            else if (c == '"' && IsBlank(field))
            {
                quoted = true;
            }
            else if (c == delimiter && row.Count < MaxFields)
            {
                row.Add(field.ToString().Trim());
                field.Clear();
            }
            else if (c is '\n' or '\r')
            {
                i += c == '\r' && i + 1 < sample.Length && sample[i + 1] == '\n' ? 1 : 0;
                row.Add(field.ToString().Trim());
                field.Clear();
                rows.Add(row);
                row = [];
            }
            else
            {
                field.Append(c);
            }
        }
        return rows;
    }

    private static bool IsBlank(StringBuilder field)
    {
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] is not (' ' or '\t'))
            {
                return false;
            }
        }
        return true;
    }
}
