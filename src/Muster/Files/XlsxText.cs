using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Muster.Files;

/// <summary>Writes text into a workbook's XML: markup escaped, characters that XML cannot hold in the <c>_x0001_</c> form that spreadsheets use.</summary>
internal static class XlsxText
{
    /// <summary>The longest text that a cell can hold.</summary>
    public const int MaxCellLength = 32_767;

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^`abcdefghijklmnopqrstuvwxyz{|}~"
    );

    public static void Write(IBufferWriter<byte> xml, ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyExcept(Plain) < 0)
        {
            WriteUtf8(xml, text);
            return;
        }
        for (var i = 0; i < text.Length; )
        {
            var special = i;
            while (special < text.Length && !IsSpecial(text, special))
            {
                special++;
            }
            if (special > i)
            {
                WriteUtf8(xml, text[i..special]);
            }
            if (special < text.Length)
            {
                WriteSpecial(xml, text[special]);
            }
            i = special + 1;
        }
    }

    /// <summary>The text for an attribute or an element of a fixed part.</summary>
    public static string Escape(string text)
    {
        var buffer = new ArrayBufferWriter<byte>(text.Length + 16);
        Write(buffer, text);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void WriteUtf8(IBufferWriter<byte> xml, ReadOnlySpan<char> text)
    {
        // Half a surrogate pair becomes U+FFFD here.
        Utf8.FromUtf16(text, xml.GetSpan(text.Length * 3), out _, out var written);
        xml.Advance(written);
    }

    private static bool IsSpecial(ReadOnlySpan<char> text, int at) =>
        text[at] switch
        {
            '&' or '<' or '>' or '"' or '\uFFFE' or '\uFFFF' => true,
            '\t' or '\n' => false,
            '_' => IsEscape(text[at..]),
            var c => c < ' ',
        };

    /// <summary>Whether the text would be read as an escaped character, <c>_x0041_</c>, although it was typed like that.</summary>
    internal static bool IsEscape(ReadOnlySpan<char> text) =>
        text.Length >= 7
        && text[1] == 'x'
        && text[6] == '_'
        && char.IsAsciiHexDigit(text[2])
        && char.IsAsciiHexDigit(text[3])
        && char.IsAsciiHexDigit(text[4])
        && char.IsAsciiHexDigit(text[5]);

    private static void WriteSpecial(IBufferWriter<byte> xml, char c)
    {
        switch (c)
        {
            case '&':
                xml.Write("&amp;"u8);
                break;
            case '<':
                xml.Write("&lt;"u8);
                break;
            case '>':
                xml.Write("&gt;"u8);
                break;
            case '"':
                xml.Write("&quot;"u8);
                break;
            case '\0':
                break;
            default:
                WriteUtf8(xml, string.Create(CultureInfo.InvariantCulture, $"_x{(int)c:X4}_"));
                break;
        }
    }
}
