using System.Globalization;
using System.Text;

namespace Muster.Files;

/// <summary>The parts of a workbook around its sheets.</summary>
internal static class XlsxWorkbookXml
{
    private const string Head = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""";
    private const string OfficeTypes = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Packages = "http://schemas.openxmlformats.org/package/2006";

    public static string SheetPart(int sheet) => string.Create(CultureInfo.InvariantCulture, $"xl/worksheets/sheet{sheet}.xml");

    /// <summary>A name that a sheet may have: no <c>[]:*?/\</c>, no apostrophe at the edges, not too long, not empty.</summary>
    public static string SheetName(string name, int maxLength)
    {
        var clean = new string([.. name.Select(c => c is '[' or ']' or ':' or '*' or '?' or '/' or '\\' || char.IsControl(c) ? ' ' : c)])
            .Trim()
            .Trim('\'');
        clean = clean.Length > maxLength ? clean[..maxLength].TrimEnd() : clean;
        return clean.Length == 0 ? "Sheet" : clean;
    }

    /// <summary>Adds everything but the sheets themselves.</summary>
    /// <param name="archive">An archive whose sheets are written.</param>
    /// <param name="sheets">Their names.</param>
    /// <param name="hiddenSheets">How many of the last ones are hidden.</param>
    /// <param name="definedNames">Names of ranges and what they stand for.</param>
    /// <param name="extraTypes">Further entries of the content types, as XML.</param>
    public static void AddTo(
        XlsxArchive archive,
        IReadOnlyList<string> sheets,
        int hiddenSheets = 0,
        IReadOnlyList<(string Name, string Range)>? definedNames = null,
        string extraTypes = ""
    )
    {
        var types = new StringBuilder($"{Head}<Types xmlns=\"{Packages}/content-types\">")
            .Append("<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>")
            .Append("<Default Extension=\"xml\" ContentType=\"application/xml\"/>")
            .Append(extraTypes)
            .Append(CultureInfo.InvariantCulture, $"<Override PartName=\"/xl/workbook.xml\" ContentType=\"{OfficeTypes}.sheet.main+xml\"/>")
            .Append(CultureInfo.InvariantCulture, $"<Override PartName=\"/xl/styles.xml\" ContentType=\"{OfficeTypes}.styles+xml\"/>");
        var rels = new StringBuilder($"{Head}<Relationships xmlns=\"{Packages}/relationships\">");
        var book = new StringBuilder($"{Head}<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" ").Append(
            CultureInfo.InvariantCulture,
            $"xmlns:r=\"{Relations}\"><bookViews><workbookView/></bookViews><sheets>"
        );
        for (var i = 1; i <= sheets.Count; i++)
        {
            var state = i > sheets.Count - hiddenSheets ? " state=\"hidden\"" : "";
            types.Append(
                CultureInfo.InvariantCulture,
                $"<Override PartName=\"/{SheetPart(i)}\" ContentType=\"{OfficeTypes}.worksheet+xml\"/>"
            );
            rels.Append(
                CultureInfo.InvariantCulture,
                $"<Relationship Id=\"rId{i}\" Type=\"{Relations}/worksheet\" Target=\"/{SheetPart(i)}\"/>"
            );
            book.Append(
                CultureInfo.InvariantCulture,
                $"<sheet name=\"{XlsxText.Escape(sheets[i - 1])}\" sheetId=\"{i}\"{state} r:id=\"rId{i}\"/>"
            );
        }
        book.Append("</sheets>");
        if (definedNames is { Count: > 0 })
        {
            book.Append("<definedNames>");
            foreach (var (name, range) in definedNames)
            {
                book.Append(CultureInfo.InvariantCulture, $"<definedName name=\"{name}\">{XlsxText.Escape(range)}</definedName>");
            }
            book.Append("</definedNames>");
        }
        rels.Append(
            CultureInfo.InvariantCulture,
            $"<Relationship Id=\"rIdStyles\" Type=\"{Relations}/styles\" Target=\"/xl/styles.xml\"/></Relationships>"
        );
        archive.Add("xl/workbook.xml", Utf8(book.Append("</workbook>")));
        archive.Add("xl/_rels/workbook.xml.rels", Utf8(rels));
        archive.Add("xl/styles.xml", XlsxStyles.Part);
        archive.Add(
            "_rels/.rels",
            Encoding.UTF8.GetBytes(
                $"{Head}<Relationships xmlns=\"{Packages}/relationships\"><Relationship Id=\"rId1\" Type=\"{Relations}/officeDocument\" Target=\"/xl/workbook.xml\"/></Relationships>"
            )
        );
        archive.Add("[Content_Types].xml", Utf8(types.Append("</Types>")));
    }

    private static byte[] Utf8(StringBuilder text) => Encoding.UTF8.GetBytes(text.ToString());
}
