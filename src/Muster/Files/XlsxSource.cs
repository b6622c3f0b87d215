using System.Globalization;

namespace Muster.Files;

/// <summary>Reads workbooks: finds the sheets, their texts and formats, and the sheet whose header is recognised.</summary>
internal sealed class XlsxSource : ISheetSource
{
    private const int MaxSheets = 256;
    private const int MaxRelations = 10_000;

    private static readonly string[] RelationNamespaces =
    [
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ];

    private readonly XlsxPackage _package;
    private readonly SpreadsheetOptions _options;
    private readonly List<Sheet> _sheets = [];
    private bool _is1904;
    private CellFormats _formats = CellFormats.None;
    private SharedStrings _strings = SharedStrings.None;
    private Sheet? _chosen;

    private XlsxSource(XlsxPackage package, SpreadsheetOptions options) => (_package, _options) = (package, options);

    private sealed record Sheet(string Name, string Part, bool IsVisible);

    private sealed record Relation(string Type, string Part);

    public string? SheetName => _chosen?.Name;
    public string? Encoding => null;
    public char? Delimiter => null;
    public SheetRow Header { get; private set; } = new(0, hidden: false, []);

    public static XlsxSource Open(Stream stream, SpreadsheetOptions options, CancellationToken ct)
    {
        var source = new XlsxSource(XlsxPackage.Open(stream, options, ct), options);
        try
        {
            source.ReadWorkbook(ct);
            source.FindHeader(ct);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public ISheetRows ReadRows(CancellationToken ct) => Rows(_chosen!, new UnpackBudget(_options), Header.Number, ct);

    public void Dispose() => _package.Dispose();

    private XlsxRows Rows(Sheet sheet, UnpackBudget budget, int afterRow, CancellationToken ct) =>
        new(_package.Read(sheet.Part, budget, ct), _options, _strings, _formats, _is1904, afterRow, _package.Length);

    private void ReadWorkbook(CancellationToken ct)
    {
        var budget = new UnpackBudget(_options);
        var root = Relations("", budget, ct).Values.FirstOrDefault(relation => Is(relation, "/officeDocument"));
        var workbook = root?.Part ?? "xl/workbook.xml";
        if (!_package.Has(workbook))
        {
            throw FileKind.NotASpreadsheet("an Office document or archive");
        }
        var relations = Relations(workbook, budget, ct);
        using (var xml = _package.Read(workbook, budget, ct))
        {
            while (xml.Read())
            {
                if (xml.IsSheetElement && xml.LocalName == "workbookPr")
                {
                    _is1904 = IsTrue(xml.Attribute("date1904"));
                }
                else if (xml.IsSheetElement && xml.LocalName == "sheet")
                {
                    AddSheet(xml, relations);
                }
            }
        }
        if (relations.Values.FirstOrDefault(relation => Is(relation, "/styles")) is { } styles && _package.Has(styles.Part))
        {
            using var xml = _package.Read(styles.Part, budget, ct);
            _formats = CellFormats.Read(xml);
        }
        if (relations.Values.FirstOrDefault(relation => Is(relation, "/sharedStrings")) is { } strings && _package.Has(strings.Part))
        {
            using var xml = _package.Read(strings.Part, budget, ct);
            _strings = SharedStrings.Read(xml, _options);
        }
    }

    private void AddSheet(XlsxXml xml, Dictionary<string, Relation> relations)
    {
        var id = RelationNamespaces.Select(ns => xml.Attribute("id", ns)).FirstOrDefault(value => value is not null);
        // Charts, dialogs and macro sheets are listed too; only worksheets have rows.
        if (id is not null && relations.TryGetValue(id, out var relation) && Is(relation, "/worksheet"))
        {
            _sheets.Add(new Sheet(xml.Attribute("name") ?? "", relation.Part, xml.Attribute("state") is null or "visible"));
        }
        if (_sheets.Count > MaxSheets)
        {
            throw new SpreadsheetException(
                SpreadsheetProblems.TooComplex,
                $"The workbook has more than {MaxSheets} sheets; copy the list into a new workbook and upload that."
            );
        }
    }

    private void FindHeader(CancellationToken ct)
    {
        var budget = new UnpackBudget(_options);
        foreach (var sheet in _sheets.Where(sheet => sheet.IsVisible && _package.Has(sheet.Part)))
        {
            using var rows = Rows(sheet, budget, afterRow: 0, ct);
            while (rows.Next(_options.HeaderSearchRows) is { } row)
            {
                if (_options.LooksLikeHeader([.. row.Texts()]))
                {
                    (_chosen, Header) = (sheet, row);
                    return;
                }
            }
        }
        throw SpreadsheetFaults.NoHeader(
            _options,
            _sheets.Count == 1 ? "the sheet" : "any visible sheet",
            _sheets.Exists(sheet => !sheet.IsVisible) ? " Hidden sheets are not read." : ""
        );
    }

    private Dictionary<string, Relation> Relations(string source, UnpackBudget budget, CancellationToken ct)
    {
        var relations = new Dictionary<string, Relation>(StringComparer.Ordinal);
        var slash = source.LastIndexOf('/');
        var part = $"{source[..(slash + 1)]}_rels/{source[(slash + 1)..]}.rels";
        if (!_package.Has(part))
        {
            return relations;
        }
        using var xml = _package.Read(part, budget, ct);
        while (xml.Read())
        {
            if (
                xml.IsStart
                && xml.LocalName == "Relationship"
                && xml.Attribute("Id") is { } id
                && xml.Attribute("Target") is { } target
                && xml.Attribute("TargetMode") != "External"
                && relations.Count < MaxRelations
            )
            {
                relations.TryAdd(id, new Relation(xml.Attribute("Type") ?? "", _package.Resolve(source, target)));
            }
        }
        return relations;
    }

    private static bool Is(Relation relation, string type) => relation.Type.EndsWith(type, StringComparison.Ordinal);

    internal static bool IsTrue(string? value) => value is "1" or "true" or "on";

    internal static int Number(string? value) =>
        int.TryParse(value, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;
}
