namespace Muster.Files;

/// <summary>
/// Finds what is wrong with a record that is malformed or too large, and where: the parser can only say that it is. A quotation mark
/// that is never closed must be an error, or it swallows the rest of the list.
/// </summary>
internal sealed class CsvFault(char delimiter, SpreadsheetOptions options)
{
    private int _line;
    private int _record;
    private int _column = 1;
    private long _length;
    private bool _isQuoted;
    private int _openedAt;

    /// <summary>Reads text from a line and record number on and returns its first fault, if it has one.</summary>
    public SpreadsheetException? FirstIn(TextReader text, int line, int record)
    {
        (_line, _record) = (line, record);
        var atStart = true;
        for (int next; (next = text.Read()) >= 0; )
        {
            var c = (char)next;
            if (atStart && c == '"')
            {
                if (ReadQuoted(text) is { } fault)
                {
                    return fault;
                }
                atStart = false;
            }
            else if (c == delimiter)
            {
                EndCell();
                _column++;
                atStart = true;
                if (_column > 10 * options.MaxColumns)
                {
                    return SpreadsheetFaults.TooManyColumns(options.MaxColumns, CellReference.Of(options.MaxColumns + 1, _record));
                }
            }
            else if (c is '\n' or '\r')
            {
                EndLine(c, text);
                EndCell();
                _record++;
                _column = 1;
                atStart = true;
            }
            else
            {
                atStart &= c is ' ' or '\t';
                if (++_length > options.MaxCellLength)
                {
                    return TooLong();
                }
            }
        }
        return null;
    }

    private SpreadsheetException? ReadQuoted(TextReader text)
    {
        (_isQuoted, _openedAt) = (true, _line);
        for (int next; (next = text.Read()) >= 0; )
        {
            var c = (char)next;
            if (c != '"')
            {
                _length++;
                if (c is '\n' or '\r')
                {
                    EndLine(c, text);
                }
            }
            else if (text.Peek() == '"')
            {
                _ = text.Read();
                _length++;
            }
            else
            {
                // Text right after the closing quote of a cell over several lines: that quote opened a later cell, and this one was never closed.
                var after = text.Peek();
                var isEnd = after < 0 || (char)after == delimiter || (char)after is '\r' or '\n' or ' ' or '\t';
                return _line > _openedAt && !isEnd ? Unclosed()
                    : _length > options.MaxCellLength ? TooLong()
                    : null;
            }
        }
        return Unclosed();
    }

    private void EndLine(char c, TextReader text)
    {
        if (c == '\r' && text.Peek() == '\n')
        {
            _ = text.Read();
        }
        _line++;
    }

    private void EndCell() => (_length, _isQuoted) = (0, false);

    private SpreadsheetException TooLong() =>
        SpreadsheetFaults.CellTooLong(options.MaxCellLength, $"Cell {CellReference.Of(_column, _record)} (line {_line})");

    private SpreadsheetException Unclosed() =>
        new(
            SpreadsheetProblems.UnclosedQuote,
            $"The quotation mark that opens cell {CellReference.Of(_column, _record)} in line {_openedAt} is never closed; close it, or double it (\"\") if it belongs to the text."
        );
}
