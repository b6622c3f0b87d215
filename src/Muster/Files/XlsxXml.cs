using System.Globalization;
using System.Xml;

namespace Muster.Files;

/// <summary>
/// Forward-only reading of a part with the limits that <see cref="XmlReader"/> lacks: depth, different names, length of a text.
/// Elements count only in the namespaces of spreadsheets (transitional and strict): extensions reuse local names for other things.
/// </summary>
internal sealed class XlsxXml : IDisposable
{
    private const int MaxDepth = 64;

    private readonly Stream _stream;
    private readonly XmlReader _reader;
    private readonly string _main;
    private readonly string _strict;
    private readonly int _maxText;
    private readonly int _maxRaw;
    private char[] _text = new char[1024];
    private int _length;

    public XlsxXml(Stream stream, SpreadsheetOptions options)
    {
        _stream = stream;
        _maxText = options.MaxCellLength;
        // One character may be written as seven, _x0041_.
        _maxRaw = (int)Math.Min(7L * _maxText, int.MaxValue / 4);
        var names = new LimitedNames();
        _main = names.Add("http://schemas.openxmlformats.org/spreadsheetml/2006/main");
        _strict = names.Add("http://purl.oclc.org/ooxml/spreadsheetml/main");
        _reader = XmlReader.Create(
            stream,
            new XmlReaderSettings
            {
                NameTable = names,
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                CheckCharacters = false,
                CloseInput = true,
            }
        );
    }

    public bool IsStart => _reader.NodeType == XmlNodeType.Element;
    public bool IsEnd => _reader.NodeType == XmlNodeType.EndElement;
    public bool IsEmptyElement => _reader.IsEmptyElement;
    public int Depth => _reader.Depth;
    public string LocalName => _reader.LocalName;

    /// <summary>Whether this is the start of an element of spreadsheets; for other elements the name does not count.</summary>
    public bool IsSheetElement =>
        IsStart && (ReferenceEquals(_reader.NamespaceURI, _main) || ReferenceEquals(_reader.NamespaceURI, _strict));

    public bool Read()
    {
        if (!_reader.Read())
        {
            return false;
        }
        if (_reader.Depth > MaxDepth)
        {
            throw new SpreadsheetException(
                SpreadsheetProblems.TooComplex,
                $"The file is nested more than {MaxDepth} levels deep, which no spreadsheet program does; copy the list into a new workbook and upload that."
            );
        }
        return true;
    }

    public string? Attribute(string name) => _reader.GetAttribute(name);

    public string? Attribute(string name, string ns) => _reader.GetAttribute(name, ns);

    /// <summary>Goes to the end of the current element without looking at what is inside.</summary>
    public void Skip()
    {
        if (IsStart && !IsEmptyElement)
        {
            for (var depth = Depth; Read() && (Depth > depth || !IsEnd); ) { }
        }
    }

    /// <summary>Forgets the text collected so far.</summary>
    public void ClearText() => _length = 0;

    /// <summary>What <see cref="AppendText"/> collected, as it stands in the XML.</summary>
    public ReadOnlySpan<char> RawText => _text.AsSpan(0, _length);

    /// <summary>Adds the text of the current element and goes to its end.</summary>
    /// <returns>Whether the text is still short enough for a cell.</returns>
    public bool AppendText()
    {
        if (IsEmptyElement)
        {
            return true;
        }
        for (var depth = Depth; Read() && (Depth > depth || !IsEnd); )
        {
            if (IsStart)
            {
                Skip();
            }
            else if (
                _reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace
            )
            {
                for (int read; (read = _reader.ReadValueChunk(_text, _length, _text.Length - _length)) > 0; )
                {
                    _length += read;
                    if (_length > _maxRaw)
                    {
                        return false;
                    }
                    if (_length == _text.Length)
                    {
                        Array.Resize(ref _text, 2 * _text.Length);
                    }
                }
            }
        }
        return true;
    }

    /// <summary>Adds the text of a string item: plain, or in runs of different looks. Phonetic hints are not part of it.</summary>
    /// <returns>Whether the text is still short enough for a cell.</returns>
    public bool AppendRichText()
    {
        if (IsEmptyElement)
        {
            return true;
        }
        for (var depth = Depth; Read() && (Depth > depth || !IsEnd); )
        {
            if (!IsStart)
            {
                continue;
            }
            var isRun = IsSheetElement && LocalName == "r";
            if (IsSheetElement && LocalName == "t")
            {
                if (!AppendText())
                {
                    return false;
                }
            }
            else if (!isRun)
            {
                Skip();
            }
        }
        return true;
    }

    /// <summary>The collected text as it was meant: escapes resolved, NUL left out. Valid until the next text is collected.</summary>
    /// <returns>Whether the text is short enough for a cell.</returns>
    public bool TryTakeText(out ReadOnlySpan<char> text)
    {
        if (RawText.IndexOf("_x") >= 0 || RawText.Contains('\0'))
        {
            _length = Unescape(_text.AsSpan(0, _length));
        }
        text = RawText;
        return text.Length <= _maxText;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    /// <summary>Turns <c>_x0041_</c> into the character it stands for and drops NULs, in place.</summary>
    private static int Unescape(Span<char> text)
    {
        var to = 0;
        for (var from = 0; from < text.Length; )
        {
            var isEscape = text[from] == '_' && XlsxText.IsEscape(text[from..]);
            var c = isEscape
                ? (char)ushort.Parse(text.Slice(from + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : text[from];
            from += isEscape ? 7 : 1;
            if (c != '\0')
            {
                text[to++] = c;
            }
        }
        return to;
    }

    /// <summary>The parser keeps every name it has seen; real workbooks have some hundreds.</summary>
    private sealed class LimitedNames : NameTable
    {
        private const int MaxNames = 20_000;
        private const int MaxLength = 1_000_000;

        private int _names;
        private int _length;

        public override string Add(string key) => Get(key) ?? Count(base.Add(key));

        public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Count(base.Add(key, start, len));

        private string Count(string name)
        {
            _length += name.Length;
            if (++_names > MaxNames || _length > MaxLength)
            {
                throw new SpreadsheetException(
                    SpreadsheetProblems.TooComplex,
                    $"The file has more than {MaxNames:N0} names of elements, which no spreadsheet program writes; copy the list into a new workbook and upload that."
                );
            }
            return name;
        }
    }
}
