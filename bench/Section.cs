namespace Muster.Bench;

/// <summary>Sections of a document, each from its heading to the next of the second rank.</summary>
public static class Section
{
    /// <summary>A document with its section of this heading replaced, or added at the end; everything else stays as it is.</summary>
    public static string Into(string document, string heading, string section)
    {
        ArgumentNullException.ThrowIfNull(document);
        var begin = document.IndexOf(heading, StringComparison.Ordinal);
        if (begin < 0)
        {
            return $"{document.TrimEnd()}\n\n{section}";
        }

        var end = document.IndexOf("\n## ", begin, StringComparison.Ordinal);
        return document[..begin] + section.TrimEnd() + "\n" + (end < 0 ? "" : document[end..]);
    }

    /// <summary>The section as it stands in a document, or nothing.</summary>
    public static string Of(string document, string heading)
    {
        ArgumentNullException.ThrowIfNull(document);
        var begin = document.IndexOf(heading, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : document.IndexOf("\n## ", begin, StringComparison.Ordinal);
        return begin < 0 ? "" : document[begin..(end < 0 ? document.Length : end)];
    }
}
