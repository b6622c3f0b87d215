using System.Globalization;

namespace Muster.Files;

/// <summary>Cell addresses as a spreadsheet shows them: columns and rows count from 1, <c>(2, 7)</c> is <c>B7</c>.</summary>
public static class CellReference
{
    /// <summary>The address of a cell, such as <c>B7</c>.</summary>
    public static string Of(int column, int row) => ColumnName(column) + row.ToString(CultureInfo.InvariantCulture);

    /// <summary>The letters of a column: 1 is <c>A</c>, 27 is <c>AA</c>.</summary>
    public static string ColumnName(int column)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(column, 1);
        Span<char> letters = stackalloc char[8];
        var at = letters.Length;
        for (; column > 0; column = (column - 1) / 26)
        {
            letters[--at] = (char)('A' + (column - 1) % 26);
        }
        return new string(letters[at..]);
    }

    /// <summary>The column of an address such as <c>B7</c> or <c>$B$7</c>, or 0 when it is not one.</summary>
    public static int ColumnOf(ReadOnlySpan<char> reference)
    {
        var column = 0;
        foreach (var c in reference)
        {
            if (char.IsAsciiLetter(c))
            {
                column = column * 26 + ((c | 0x20) - 'a' + 1);
                if (column > 1_000_000)
                {
                    return 0;
                }
            }
            else if (c != '$')
            {
                return char.IsAsciiDigit(c) ? column : 0;
            }
        }
        return 0;
    }
}
