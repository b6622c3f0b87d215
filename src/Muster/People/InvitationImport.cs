using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.Files;

namespace Muster.People;

/// <summary>
/// Understands the rows of an invitation file. Units, groups and fields are read once before the first row; the rows themselves are staged batch by batch,
/// so that a file of a million rows needs no more memory than one of a thousand.
/// </summary>
public sealed class InvitationImport : RowImport
{
    private readonly OperationContext context;
    private readonly IReadOnlyList<CustomField> fields;
    private readonly InvitationNames units;
    private readonly InvitationNames groups;
    private readonly List<InvitationRow> rows = [];
    private readonly List<InvitationRowGroup> rowGroups = [];
    private readonly List<InvitationRowUnit> rowUnits = [];
    private readonly List<InvitationRowValue> rowValues = [];
    private HeaderMap columns = null!;

    private InvitationImport(OperationContext context, IReadOnlyList<CustomField> fields, InvitationNames units, InvitationNames groups)
    {
        this.context = context;
        this.fields = fields;
        this.units = units;
        this.groups = groups;
    }

    public override bool MakesPeople => true;

    /// <summary>Reads what the workspace's rows can name.</summary>
    public static async Task<InvitationImport> Load(OperationContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (db, workspaceId) = (context.Db, context.WorkspaceId);
        var paths = await db
            .Units.Where(u => u.WorkspaceId == workspaceId)
            .Select(u => new
            {
                u.PathKey,
                u.Id,
                u.Path,
            })
            .ToListAsync(ct);
        var names = await db
            .Groups.Where(g => g.WorkspaceId == workspaceId)
            .Select(g => new
            {
                g.NameKey,
                g.Id,
                g.Name,
            })
            .ToListAsync(ct);
        return new(
            context,
            [.. (await InvitationColumns.Fields(db, workspaceId, ct)).Where(InvitationColumns.IsColumn)],
            new(paths.Select(u => (u.PathKey, u.Id, u.Path))),
            new(names.Select(g => (g.NameKey, g.Id, g.Name)))
        );
    }

    public override bool LooksLikeHeader(IReadOnlyList<string> texts) => HeaderMap.Names(texts, InvitationColumns.EmailColumn);

    public override IReadOnlyList<string> Begin(IReadOnlyList<HeaderCell> headers, int headerRow)
    {
        ArgumentNullException.ThrowIfNull(headers);
        columns = HeaderMap.Match(headers, InvitationColumns.Known(fields), headerRow);
        if (columns.Missing.Count > 0)
        {
            throw new SpreadsheetException(
                SpreadsheetProblems.MissingColumn,
                $"The file has no {Listed(columns.Missing, "column", "columns")}; every row needs {(columns.Missing.Count == 1 ? "it" : "them")}. "
                    + $"Add {(columns.Missing.Count == 1 ? "the column" : "the columns")} to row {headerRow}, or begin with the template."
            );
        }

        var problemColumn = HeaderMap.KeyOf(XlsxTemplate.ProblemTitle);
        var unknown = columns.Unknown.Where(header => HeaderMap.KeyOf(header.Text) != problemColumn).ToList();
        return unknown.Count == 0
            ? []
            :
            [
                $"{Listed([.. unknown.Select(header => header.Text.Trim())], "The column", "The columns")} "
                    + $"{(unknown.Count == 1 ? "is" : "are")} not known here and {(unknown.Count == 1 ? "was" : "were")} not read "
                    + $"({string.Join(", ", unknown.Select(header => CellReference.Of(header.Column, headerRow)))}).",
            ];
    }

    public override IReadOnlyList<RowProblem> Read(SheetRow row, long ordinal, out string? emailKey)
    {
        var cells = new InvitationCells(row, columns);
        var email = Email(cells);
        emailKey = email?.Key;
        var (first, last) = (cells.Name(InvitationColumns.FirstName), cells.Name(InvitationColumns.LastName));
        var role = Role(cells);
        var unit = Unit(cells);
        var memberOf = cells
            .Parts(InvitationProblems.Group, InvitationColumns.Groups)
            .Select(name => cells.Known(InvitationProblems.Group, InvitationColumns.Groups, name, groups, "group"))
            .ToHashSet();
        var manages = Manages(cells, role, unit);
        var expires = Expiry(cells);
        var values = fields.Select(field => InvitationFieldValue.Read(cells, field)).ToList();
        if (cells.Problems.Count > 0 || email is null)
        {
            return cells.Problems;
        }

        var (workspaceId, operationId) = (context.WorkspaceId, context.OperationId);
        rows.Add(
            new()
            {
                WorkspaceId = workspaceId,
                OperationId = operationId,
                Ordinal = ordinal,
                Email = email.Address,
                EmailKey = email.Key,
                FirstName = first,
                LastName = last,
                SortName = Names.SortKey(first, last),
                SearchText = Names.SearchText(first, last, email.Address),
                Role = role,
                UnitId = unit,
                ExpiresOn = expires,
            }
        );
        Stage(ordinal, memberOf, manages, values);
        return [];
    }

    public override async Task Flush(MusterDb db, CancellationToken ct)
    {
        await db.BulkInsert(rows, ct);
        await db.BulkInsert(rowGroups, ct);
        await db.BulkInsert(rowUnits, ct);
        await db.BulkInsert(rowValues, ct);
        rows.Clear();
        rowGroups.Clear();
        rowUnits.Clear();
        rowValues.Clear();
    }

    private void Stage(long ordinal, HashSet<long?> memberOf, HashSet<long?> manages, List<InvitationRowValue?> values)
    {
        var (workspaceId, operationId) = (context.WorkspaceId, context.OperationId);
        rowGroups.AddRange(
            memberOf.Select(id => new InvitationRowGroup
            {
                WorkspaceId = workspaceId,
                OperationId = operationId,
                Ordinal = ordinal,
                GroupId = id!.Value,
            })
        );
        rowUnits.AddRange(
            manages.Select(id => new InvitationRowUnit
            {
                WorkspaceId = workspaceId,
                OperationId = operationId,
                Ordinal = ordinal,
                UnitId = id!.Value,
            })
        );
        foreach (var value in values.OfType<InvitationRowValue>())
        {
            (value.WorkspaceId, value.OperationId, value.Ordinal) = (workspaceId, operationId, ordinal);
            rowValues.Add(value);
        }
    }

    private static EmailAddress? Email(InvitationCells cells)
    {
        var cell = cells[InvitationColumns.Email];
        // An error or an unsaved formula is named as such, not as a bad address.
        if (!CellValues.TryText(cell, out _, out var problem) || !EmailAddress.TryParse(cell.Text, out var email, out problem))
        {
            cells.Wrong(InvitationProblems.Email, InvitationColumns.Email, problem);
            return null;
        }

        return email;
    }

    private ProfileRole Role(InvitationCells cells)
    {
        var before = cells.Problems.Count;
        var text = cells.Line(InvitationProblems.Role, InvitationColumns.Role);
        if (text.Length == 0 || cells.Problems.Count > before)
        {
            return ProfileRole.Learner;
        }

        var key = HeaderMap.KeyOf(text);
        if (key is "siteadmin" or "siteadministrator")
        {
            cells.Wrong(
                InvitationProblems.RoleAbove,
                InvitationColumns.Role,
                "Site Admin is not given by an invitation; write Learner, Manager or Admin."
            );
            return ProfileRole.Learner;
        }

        ProfileRole? role = key switch
        {
            "learner" => ProfileRole.Learner,
            "manager" => ProfileRole.Manager,
            "admin" or "administrator" => ProfileRole.Admin,
            _ => null,
        };
        if (role is null)
        {
            cells.Wrong(
                InvitationProblems.Role,
                InvitationColumns.Role,
                $"There is no role “{InvitationCells.Shorten(text)}”; write Learner, Manager or Admin."
            );
        }
        else if (Actor.RankOf(role.Value) > context.Actor.Rank)
        {
            cells.Wrong(
                InvitationProblems.RoleAbove,
                InvitationColumns.Role,
                $"You cannot give the role {role}, which is above your own ({context.Actor.Rank}); write a role up to that."
            );
        }

        return role ?? ProfileRole.Learner;
    }

    private long? Unit(InvitationCells cells)
    {
        var path = cells.Line(InvitationProblems.Unit, InvitationColumns.Unit);
        return path.Length == 0 ? null : cells.Known(InvitationProblems.Unit, InvitationColumns.Unit, path, units, "organisation unit");
    }

    /// <summary>The units a Manager manages: those named, else their own.</summary>
    private HashSet<long?> Manages(InvitationCells cells, ProfileRole role, long? own)
    {
        var before = cells.Problems.Count;
        var named = cells
            .Parts(InvitationProblems.Manages, InvitationColumns.Manages)
            .Select(path => cells.Known(InvitationProblems.Manages, InvitationColumns.Manages, path, units, "organisation unit"))
            .ToHashSet();
        if (named.Count > 0 && role != ProfileRole.Manager && cells.Problems.Count == before)
        {
            cells.Wrong(
                InvitationProblems.NotManager,
                InvitationColumns.Manages,
                $"Only a Manager manages units, and this row's role is {role}; write Manager there or leave this cell empty."
            );
        }

        return named.Count == 0 && role == ProfileRole.Manager && own is not null ? [own] : named;
    }

    private DateOnly? Expiry(InvitationCells cells)
    {
        if (cells.IsBlank(InvitationColumns.Expiry))
        {
            return null;
        }

        if (!CellValues.TryDate(cells[InvitationColumns.Expiry], out var date, out var problem))
        {
            cells.Wrong(InvitationProblems.Expiry, InvitationColumns.Expiry, problem);
        }
        else if (date < context.Today)
        {
            cells.Wrong(
                InvitationProblems.ExpiryPast,
                InvitationColumns.Expiry,
                $"{date:yyyy-MM-dd} has passed; write a day from {context.Today:yyyy-MM-dd} on, or leave the cell empty for no end."
            );
        }

        return date;
    }

    private static string Listed(IReadOnlyList<string> names, string one, string many) =>
        $"{(names.Count == 1 ? one : many)} {string.Join(", ", names.Select(name => $"“{InvitationCells.Shorten(name)}”"))}";
}
