using System.Globalization;
using System.Text;

namespace Muster.Files;

/// <summary>Notes on the heading cells of sheet 1. The format wants each of them twice: as text, and as a drawn box in VML.</summary>
internal static class XlsxNotes
{
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <summary>What the content types must say besides the usual.</summary>
    public const string ContentTypes =
        """<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>"""
        + """<Override PartName="/xl/comments1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/>""";

    /// <summary>Adds the parts; the sheet itself must end with a <c>legacyDrawing</c> of <c>rId1</c>.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="notes">The note of each column's heading, or null.</param>
    public static void AddTo(XlsxArchive archive, IReadOnlyList<string?> notes)
    {
        if (!notes.Any(note => note is not null))
        {
            return;
        }
        var comments = new StringBuilder(
            """<?xml version="1.0" encoding="UTF-8" standalone="yes"?><comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author></author></authors><commentList>"""
        );
        var vml = new StringBuilder(
            """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>"""
        );
        foreach (var (column, note) in notes.Index())
        {
            if (note is null)
            {
                continue;
            }
            comments.Append(
                CultureInfo.InvariantCulture,
                $"<comment ref=\"{CellReference.Of(column + 1, 1)}\" authorId=\"0\"><text><r><t xml:space=\"preserve\">{XlsxText.Escape(note)}</t></r></text></comment>"
            );
            vml.Append(
                CultureInfo.InvariantCulture,
                $"<v:shape id=\"_x0000_s{1025 + column}\" type=\"#_x0000_t202\" style=\"position:absolute;width:220pt;height:90pt;z-index:{column + 1};visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{column + 1}, 15, 0, 2, {column + 3}, 31, 6, 5</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>0</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
            );
        }
        archive.Add("xl/comments1.xml", Encoding.UTF8.GetBytes(comments.Append("</commentList></comments>").ToString()));
        archive.Add("xl/drawings/vmlDrawing1.vml", Encoding.UTF8.GetBytes(vml.Append("</xml>").ToString()));
        archive.Add(
            "xl/worksheets/_rels/sheet1.xml.rels",
            Encoding.UTF8.GetBytes(
                """<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"""
                    + $"<Relationship Id=\"rId1\" Type=\"{Relations}/vmlDrawing\" Target=\"/xl/drawings/vmlDrawing1.vml\"/>"
                    + $"<Relationship Id=\"rId2\" Type=\"{Relations}/comments\" Target=\"/xl/comments1.xml\"/></Relationships>"
            )
        );
    }
}
