using System.Globalization;
using System.Security;
using System.Text;
using Muster.Bulk;
using Muster.Files;
using Muster.People;

namespace Muster.Tests;

/// <summary>An invitation file made cell by cell, as a workbook with the row numbers the test wants.</summary>
internal sealed class InvitationFile
{
    public const string ErrorCell = "\u0001error";
    public const string UnsavedFormula = "\u0001formula";

    private readonly StringBuilder rows = new();
    private readonly string[] columns;
    private int last = 1;

    public InvitationFile(params string[] columns)
    {
        this.columns = columns;
        Write(1, columns);
    }

    /// <summary>The next row's number.</summary>
    public int Next => last + 1;

    /// <summary>Leaves rows blank.</summary>
    public void Skip(int count = 1) => last += count;

    /// <summary>Adds a row of columns by name.</summary>
    /// <returns>Its number.</returns>
    public int Add(IReadOnlyDictionary<string, object> cells)
    {
        Write(++last, columns.Select(column => cells.GetValueOrDefault(column, "")));
        return last;
    }

    public string AddressOf(string column, int row) => CellReference.Of(Array.IndexOf(columns, column) + 1, row);

    public Plan Plan() =>
        new(
            "{}",
            new Selection { File = true },
            Workbooks.Zip(Workbooks.Parts(Workbooks.Sheet(rows.ToString()), Workbooks.Styles())).ToArray()
        );

    /// <summary>A CSV of these lines.</summary>
    public static Plan Csv(params string[] lines) =>
        new("{}", new Selection { File = true }, Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n"));

    /// <summary>A field of every kind.</summary>
    public static async Task GiveFields(Stage stage, bool required = true) =>
        await stage.ByHand(db =>
        {
            var position = 0;
            foreach (
                var (name, kind, choices) in new (string, FieldKind, string?)[]
                {
                    ("Staff number", FieldKind.Text, null),
                    ("Hours", FieldKind.Number, null),
                    ("Start", FieldKind.Date, null),
                    ("Fire warden", FieldKind.YesNo, null),
                    ("Site", FieldKind.Choice, "London\nLeeds"),
                }
            )
            {
                db.Fields.Add(
                    new CustomField
                    {
                        WorkspaceId = stage.Given.Workspace,
                        Id = 500_000 + ++position,
                        Name = name,
                        NameKey = Names.Fold(name),
                        Kind = kind,
                        Choices = choices,
                        IsRequired = required && kind == FieldKind.Text,
                        Position = position,
                    }
                );
            }

            return Task.CompletedTask;
        });

    private void Write(int number, IEnumerable<object> cells)
    {
        rows.Append(CultureInfo.InvariantCulture, $"<row r=\"{number}\">");
        foreach (var (i, cell) in cells.Index())
        {
            var at = CellReference.Of(i + 1, number);
            rows.Append(
                cell switch
                {
                    "" => "",
                    ErrorCell => $"<c r=\"{at}\" t=\"e\"><v>#N/A</v></c>",
                    UnsavedFormula => $"<c r=\"{at}\"><f>A1</f></c>",
                    DateOnly date => string.Create(
                        CultureInfo.InvariantCulture,
                        $"<c r=\"{at}\" s=\"1\"><v>{date.DayNumber - new DateOnly(1899, 12, 30).DayNumber}</v></c>"
                    ),
                    double number1 => string.Create(CultureInfo.InvariantCulture, $"<c r=\"{at}\"><v>{number1}</v></c>"),
                    _ =>
                        $"<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{SecurityElement.Escape(cell.ToString())}</t></is></c>",
                }
            );
        }

        rows.Append("</row>");
    }
}
