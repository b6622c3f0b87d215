using System.Runtime.InteropServices;
using System.Text;

namespace Muster.Files;

/// <summary>
/// The texts that a workbook's cells point to. They are kept as UTF-8 in large blocks: a million people's lists have millions of them,
/// and as objects they would take several times the memory.
/// </summary>
internal sealed class SharedStrings
{
    private const int BlockBits = 20;
    private const int BlockSize = 1 << BlockBits;
    private const int LengthSize = sizeof(int);

    private readonly List<byte[]> _blocks = [];
    private readonly List<int> _starts = [];

    /// <summary>Texts that repeat, such as roles and units, mostly come early.</summary>
    private readonly string?[] _first = new string?[16 * 1024];
    private int _end;

    public static SharedStrings None { get; } = new();

    public static SharedStrings Read(XlsxXml xml, SpreadsheetOptions options)
    {
        var strings = new SharedStrings();
        while (xml.Read())
        {
            if (!xml.IsSheetElement || xml.LocalName != "si")
            {
                continue;
            }
            xml.ClearText();
            if (!xml.AppendRichText() || !xml.TryTakeText(out var text))
            {
                throw SpreadsheetFaults.CellTooLong(options.MaxCellLength, "A cell");
            }
            strings.Add(text);
            if (strings._starts.Count > options.MaxSharedStrings || strings._end > options.MaxSharedStringBytes)
            {
                throw GuardedStream.Bomb();
            }
        }
        return strings;
    }

    /// <summary>The text of a number, or null when there is none.</summary>
    public string? Find(int index)
    {
        if ((uint)index >= (uint)_starts.Count)
        {
            return null;
        }
        if (index >= _first.Length)
        {
            return Decode(_starts[index]);
        }
        return _first[index] ??= Decode(_starts[index]);
    }

    private string Decode(int start)
    {
        var at = _blocks[start >> BlockBits].AsSpan(start & (BlockSize - 1));
        return Encoding.UTF8.GetString(at.Slice(LengthSize, MemoryMarshal.Read<int>(at)));
    }

    private void Add(ReadOnlySpan<char> text)
    {
        var room = LengthSize + Encoding.UTF8.GetMaxByteCount(text.Length);
        if (room > BlockSize)
        {
            throw GuardedStream.Bomb();
        }
        if (_blocks.Count == 0 || (_end & (BlockSize - 1)) + room > BlockSize || _end >> BlockBits >= _blocks.Count)
        {
            _end = _blocks.Count << BlockBits;
            _blocks.Add(GC.AllocateUninitializedArray<byte>(BlockSize));
        }
        var at = _blocks[^1].AsSpan(_end & (BlockSize - 1));
        var length = Encoding.UTF8.GetBytes(text, at[LengthSize..]);
        MemoryMarshal.Write(at, length);
        _starts.Add(_end);
        _end += LengthSize + length;
    }
}
