using Muster.Bulk;
using Muster.Files;

namespace Muster.People;

/// <summary>The cells of one row by column, and what turned out to be wrong with them.</summary>
internal sealed class InvitationCells(SheetRow row, HeaderMap columns)
{
    private readonly List<RowProblem> problems = [];

    public IReadOnlyList<RowProblem> Problems => problems;

    /// <summary>A cell of a known column, empty when the file has no such column.</summary>
    public SheetCell this[string title] => row[columns.ColumnOf(title)];

    public bool IsBlank(string title) => this[title].IsBlank;

    /// <summary>Says that a cell is wrong and what would be right.</summary>
    public void Wrong(Reason reason, string title, string text) =>
        problems.Add(new(reason.Code, row.AddressOf(columns.ColumnOf(title)), text));

    /// <summary>Text on one line; empty and a problem when it cannot be read.</summary>
    public string Line(Reason reason, string title)
    {
        if (!CellValues.TryName(this[title], out var text, out var problem))
        {
            Wrong(reason, title, problem);
        }

        return text;
    }

    /// <summary>A person's first or last name.</summary>
    public string Name(string title)
    {
        var before = problems.Count;
        var name = Line(InvitationProblems.Name, title);
        if (name.Length > Profile.MaxName)
        {
            Wrong(
                InvitationProblems.Name,
                title,
                $"The {title.ToLowerInvariant()} has {name.Length} characters; at most {Profile.MaxName} fit. Shorten it."
            );
        }
        else if (name.Length == 0 && problems.Count == before)
        {
            Wrong(InvitationProblems.Name, title, $"The {title.ToLowerInvariant()} is missing; write it here.");
        }

        return name;
    }

    /// <summary>The parts of a cell with several names.</summary>
    public IEnumerable<string> Parts(Reason reason, string title) =>
        Line(reason, title).Split(InvitationColumns.Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The id of an existing name, or null and a problem that names the nearest.</summary>
    public long? Known(Reason reason, string title, string name, InvitationNames names, string what)
    {
        if (names.TryFind(name, out var id))
        {
            return id;
        }

        var nearest = names.Nearest(name);
        Wrong(
            reason,
            title,
            $"There is no {what} “{Shorten(name)}”; "
                + (nearest is null ? $"write the name of an existing {what} or leave the cell empty." : $"did you mean “{nearest}”?")
        );
        return null;
    }

    public static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "…");
}
