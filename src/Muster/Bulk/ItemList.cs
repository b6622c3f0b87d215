using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Files;
using Muster.People;

namespace Muster.Bulk;

/// <summary>An operation's items with the names of their users and targets, in keyset pages.</summary>
public sealed class ItemList(ActionCatalog catalog)
{
    /// <summary>Items met on a walk before those that a search finds are looked up after all.</summary>
    private const int Walk = 5_000;

    /// <summary>So many are sorted sooner than met.</summary>
    private const int Few = 10_000;

    /// <summary>A page of at most <paramref name="limit"/> items after a place.</summary>
    public async Task<ItemPage> Page(MusterDb db, Operation operation, ItemFilter filter, ItemPlace after, int limit, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(filter);
        var found = string.IsNullOrWhiteSpace(filter.Search)
            ? await Read(db, operation, InOrder(Filtered(db, operation, filter), after, IsFew(operation, filter)).Take(limit + 1), ct)
            : await Find(db, operation, filter, after, limit + 1, ct);
        var more = found.Count > limit;
        if (more)
        {
            found.RemoveAt(limit);
        }

        var headers = await HeadersOf(db, operation, ct);
        var names = await NamesOf(
            db,
            operation.WorkspaceId,
            [
                .. found
                    .SelectMany(f => StateWords.IdsIn(f.Item.Before).Concat(StateWords.IdsIn(f.Item.After)).Append(f.Item.TargetId))
                    .Where(t => t != 0)
                    .Distinct(),
            ],
            ct
        );
        var sentences = new ReasonSentences(catalog.Get(operation.Action));
        var lines = found.ConvertAll(f => Line(f, headers, names, sentences));
        return new(lines, more ? lines[^1].Place : null, headers);
    }

    /// <summary>Headings of the operation's file as it was read; one column for a pasted list; none otherwise.</summary>
    public static async Task<IReadOnlyList<HeaderCell>> HeadersOf(MusterDb db, Operation operation, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(operation);
        if (operation.UndoOf is not null || operation.Selection is null)
        {
            return [];
        }

        var selection = Json.Read<Selection>(operation.Selection);
        if (selection.Emails is not null)
        {
            return [new(1, EmailColumnImport.Column)];
        }

        var headers =
            selection.File == true
                ? await db
                    .OperationFiles.Where(f => f.WorkspaceId == operation.WorkspaceId && f.OperationId == operation.Id)
                    .Select(f => f.Headers)
                    .SingleOrDefaultAsync(ct)
                : null;
        return headers is null ? [] : Json.Read<List<HeaderCell>>(headers);
    }

    private static IQueryable<OperationItem> Filtered(MusterDb db, Operation operation, ItemFilter filter)
    {
        var items = db.OperationItems.Where(i => i.WorkspaceId == operation.WorkspaceId && i.OperationId == operation.Id);
        // As constants, so that the index of the items that do not change can be used.
        items = filter.Verdict switch
        {
            Verdict.WillChange => items.Where(i => i.Verdict == Verdict.WillChange),
            Verdict.Skipped => items.Where(i => i.Verdict == Verdict.Skipped && i.Verdict != Verdict.WillChange),
            Verdict.Problem => items.Where(i => i.Verdict == Verdict.Problem && i.Verdict != Verdict.WillChange),
            _ => items,
        };
        if (filter.Outcome is { } outcome)
        {
            items = items.Where(i => i.Outcome == outcome);
        }

        if (filter.Reason == OperationViews.FailedCode)
        {
            items = items.Where(i => i.Outcome == Outcome.Failed);
        }
        else if (filter.Reason is { } reason)
        {
            items = filter.Verdict switch
            {
                Verdict.WillChange => items.Where(i => i.OutcomeReason == reason),
                Verdict.Skipped or Verdict.Problem => items.Where(i => i.Reason == reason),
                _ => items.Where(i => i.Reason == reason || i.OutcomeReason == reason),
            };
        }

        return items;
    }

    /// <summary>Those a search finds: soon met where many are meant, and otherwise looked up.</summary>
    private static async Task<List<Found>> Find(
        MusterDb db,
        Operation operation,
        ItemFilter filter,
        ItemPlace after,
        int count,
        CancellationToken ct
    )
    {
        var items = Filtered(db, operation, filter);
        var next = InOrder(items, after).Take(Walk);
        var met = await Read(
            db,
            operation,
            InOrder(Searched(db, operation, next, filter.Search!, SearchWay.PersonByPerson), after).Take(count),
            ct
        );
        return met.Count == count
            ? met
            : await Read(db, operation, InOrder(Searched(db, operation, items, filter.Search!, SearchWay.Any), after).Take(count), ct);
    }

    /// <summary>Finds people through the search index of profiles, and rows of the file by what stands in them.</summary>
    private static IQueryable<OperationItem> Searched(
        MusterDb db,
        Operation operation,
        IQueryable<OperationItem> items,
        string search,
        SearchWay way
    )
    {
        var (workspaceId, id, words) = (operation.WorkspaceId, operation.Id, search.Trim());
        var people = db.Users(workspaceId, new UserFilter { Search = words }, default, way: way).Select(p => p.Id);
        var selection = operation.Selection is null ? null : Json.Read<Selection>(operation.Selection);
        if (operation.UndoOf is not null || selection is { File: null, Emails: null })
        {
            if (way == SearchWay.PersonByPerson)
            {
                return items.Where(i => people.Where(person => person == i.ProfileId).Skip(0).Any());
            }

            var users = db
                .OperationUsers.Where(u => u.WorkspaceId == workspaceId && u.OperationId == id && people.Contains(u.ProfileId))
                .Select(u => u.Position);
            return items.Where(i => users.Contains(i.Position));
        }

        var folded = Names.Fold(words);
        // Cells are stored as JSON: the words are sought the way JSON writes them, each backslash of which LIKE wants doubled.
        var cell =
            $"%{Json.Write(words)[1..^1].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
        var all = db.OperationRows.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id);
        var invited = db
            .InvitationRows.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id && r.SearchText.Contains(folded))
            .Select(r => r.Ordinal);
        var rows = (
            db.IsSqlite ? all.Where(r => EF.Functions.Like(r.Cells, cell, "\\")) : all.Where(r => EF.Functions.ILike(r.Cells, cell, "\\"))
        ).Select(r => r.Ordinal);
        return way == SearchWay.PersonByPerson
            ? items.Where(i =>
                people.Where(person => person == i.ProfileId).Skip(0).Any()
                || invited.Where(row => row == i.Ordinal).Skip(0).Any()
                || rows.Where(row => row == i.Ordinal).Skip(0).Any()
            )
            : items.Where(i => people.Contains(i.ProfileId) || invited.Contains(i.Ordinal) || rows.Contains(i.Ordinal));
    }

    /// <summary>Items behind a place as people read them.</summary>
    /// <param name="items">Which items.</param>
    /// <param name="after">The place.</param>
    /// <param name="sorts">Finds them first and sorts them, because they are few; otherwise they are met along the index in this order.</param>
    private static IQueryable<OperationItem> InOrder(IQueryable<OperationItem> items, ItemPlace after, bool sorts = false)
    {
        // The index has no ordinal with nothing added: neither database reads a million items along it to meet a few.
        var behind = sorts
            ? items.Where(i => i.Ordinal + 0 > after.Ordinal || (i.Ordinal + 0 == after.Ordinal && i.TargetId > after.TargetId))
            : items.Where(i => i.Ordinal >= after.Ordinal && (i.Ordinal > after.Ordinal || i.TargetId > after.TargetId));
        return (sorts ? behind.OrderBy(i => i.Ordinal + 0) : behind.OrderBy(i => i.Ordinal)).ThenBy(i => i.TargetId);
    }

    /// <summary>Whether the operation has few items of the verdict asked for, which its counts say.</summary>
    private static bool IsFew(Operation operation, ItemFilter filter) =>
        filter.Verdict switch
        {
            Verdict.Skipped => operation.ItemsSkipped <= Few,
            Verdict.Problem => operation.ItemsProblems <= Few,
            _ => false,
        };

    private static Task<List<Found>> Read(MusterDb db, Operation operation, IQueryable<OperationItem> places, CancellationToken ct)
    {
        var (workspaceId, id) = (operation.WorkspaceId, operation.Id);
        return (
            from item in places
            from profile in db.Profiles.Where(p => p.WorkspaceId == workspaceId && p.Id == item.ProfileId).DefaultIfEmpty()
            from row in db
                .OperationRows.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id && r.Ordinal == item.Ordinal)
                .DefaultIfEmpty()
            from invited in db
                .InvitationRows.Where(r => r.WorkspaceId == workspaceId && r.OperationId == id && r.Ordinal == item.Ordinal)
                .DefaultIfEmpty()
            orderby item.Ordinal, item.TargetId
            select new Found
            {
                Item = item,
                Profile = profile,
                Row = row,
                Invited = invited,
            }
        )
            .AsNoTracking()
            .ToListAsync(ct);
    }

    /// <summary>Groups and courses by id.</summary>
    internal static async Task<Dictionary<long, string>> NamesOf(MusterDb db, long workspaceId, List<long> ids, CancellationToken ct)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        // Ids are unique in a workspace, whatever they name.
        var names = await db
            .Groups.Where(g => g.WorkspaceId == workspaceId && ids.Contains(g.Id))
            .Select(g => new { g.Id, g.Name })
            .Concat(db.Courses.Where(c => c.WorkspaceId == workspaceId && ids.Contains(c.Id)).Select(c => new { c.Id, Name = c.Title }))
            .ToListAsync(ct);
        return names.ToDictionary(n => n.Id, n => n.Name);
    }

    private static ItemLine Line(Found found, IReadOnlyList<HeaderCell> headers, Dictionary<long, string> names, ReasonSentences sentences)
    {
        var (item, profile, row, invited) = (found.Item, found.Profile, found.Row, found.Invited);
        var cells = row is null ? [] : CellsOf(row, headers);
        var problems = row?.Problems is null ? [] : Json.Read<List<RowProblem>>(row.Problems);
        string Cell(string title) =>
            headers.Index().FirstOrDefault(h => HeaderMap.KeyOf(h.Item.Text) == HeaderMap.KeyOf(title)) is { Item: not null } header
                ? cells.ElementAtOrDefault(header.Index) ?? ""
                : "";
        return new ItemLine
        {
            Item = item,
            HasProfile = profile is not null,
            FirstName = profile?.FirstName ?? invited?.FirstName ?? Cell("First name"),
            LastName = profile?.LastName ?? invited?.LastName ?? Cell("Last name"),
            Email = profile?.Email ?? invited?.Email ?? row?.EmailKey ?? Cell(EmailColumnImport.Column),
            RowNumber = row?.RowNumber,
            Cells = cells,
            Problems = problems,
            Target = item.TargetId == 0 ? null : names.GetValueOrDefault(item.TargetId, $"(removed, {item.TargetId})"),
            ReasonCode = item.Outcome == Outcome.Failed ? OperationViews.FailedCode : item.OutcomeReason ?? item.Reason,
            Reason =
                item.Outcome == Outcome.Failed ? item.OutcomeReason
                : item.Verdict == Verdict.Problem && problems.Count > 0 ? string.Join(" ", problems.Select(p => $"{p.Cell}: {p.Text}"))
                : (item.OutcomeReason ?? item.Reason) is { } code ? sentences.Find(code) ?? ReasonSentences.Spell(code)
                : null,
            Names = names,
        };
    }

    /// <summary>A row's texts under the file's headings, in their order.</summary>
    internal static IReadOnlyList<string> CellsOf(OperationRow row, IReadOnlyList<HeaderCell> headers)
    {
        var cells = Json.Read<List<string>>(row.Cells);
        return [.. headers.Select(h => cells.ElementAtOrDefault(h.Column - 1) ?? "")];
    }

    private sealed class Found
    {
        public required OperationItem Item { get; init; }
        public required Profile? Profile { get; init; }
        public required OperationRow? Row { get; init; }
        public required InvitationRow? Invited { get; init; }
    }
}
