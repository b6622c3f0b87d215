using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.Mail;

namespace Muster.Bulk;

/// <summary>
/// What became of an operation's users (or items). Before the run: will change + skipped + problems = selected.
/// After it: changed + skipped + problems + failed + pending = selected; skipped then includes those the run left alone.
/// </summary>
public sealed record OutcomeCounts(
    long Selected,
    long WillChange,
    long Skipped,
    long Problems,
    long Changed,
    long Failed,
    long LeftAlone,
    long Pending
);

/// <summary>How many users and items were given one reason.</summary>
/// <param name="Code">The reason's code; <c>failed</c> for every failure, whose sentence is the message.</param>
/// <param name="Sentence">The reason in words.</param>
/// <param name="Verdict">What the preview said of them.</param>
/// <param name="Outcome">What became of them.</param>
/// <param name="Users">How many users have such an item.</param>
/// <param name="Items">How many items.</param>
public sealed record ReasonCount(string Code, string Sentence, Verdict Verdict, Outcome Outcome, long Users, long Items);

/// <summary>The operation's e-mails, apart from the change itself.</summary>
public sealed record MailCounts(long Waiting, long Sent, long Failed, long Suppressed, long Kept)
{
    public long All => Waiting + Sent + Failed + Suppressed + Kept;
}

/// <summary>How far the present phase has come; <paramref name="Total"/> is null while it is not known.</summary>
public sealed record OperationProgress(long Done, long? Total);

/// <summary>Who asked for an operation.</summary>
/// <param name="Name">A person's name, a token's name, or "Command line".</param>
/// <param name="Email">The person's address.</param>
public sealed record OperationAuthor(string Name, string? Email);

/// <summary>An operation with everything that pages, API and command line show of it.</summary>
public sealed record OperationView
{
    public required Operation Operation { get; init; }

    public required BulkAction Action { get; init; }

    public required OperationAuthor By { get; init; }

    public required OutcomeCounts Users { get; init; }

    public required OutcomeCounts Items { get; init; }

    public required OperationProgress Progress { get; init; }

    /// <summary>By verdict, then outcome, most users first.</summary>
    public required IReadOnlyList<ReasonCount> Reasons { get; init; }

    public required IReadOnlyList<Effect> Effects { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required MailCounts Mail { get; init; }

    /// <summary>Waits to be confirmed, and takes something away.</summary>
    public required bool TakesAway { get; init; }

    /// <summary>The number a person must type to confirm; null when none is asked for, or there is nothing to confirm.</summary>
    public required long? CountToType { get; init; }

    /// <summary>Why it cannot be undone, as a sentence; null when it can.</summary>
    public required string? WhyNotUndo { get; init; }

    /// <summary>The operation that undid it, or is about to.</summary>
    public required long? UndoneBy { get; init; }
}

/// <summary>A line of the list of operations.</summary>
public sealed record OperationLine(Operation Operation, BulkAction? Action, OperationAuthor By, OutcomeCounts Users);

/// <summary>Reads operations for people and programs; every statement names the workspace.</summary>
public sealed class OperationViews(ActionCatalog catalog, Operations operations)
{
    /// <summary>The code under which failures are counted and filtered; their messages differ.</summary>
    public const string FailedCode = "failed";

    private const int MostMessages = 20;

    /// <summary>One operation; null when the workspace has none of that id that this reader may see.</summary>
    public async Task<OperationView?> Get(MusterDb db, Actor reader, long id, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(reader);
        var workspaceId = reader.WorkspaceId;
        var operation = await db
            .Operations.AsNoTracking()
            .VisibleTo(reader)
            .SingleOrDefaultAsync(o => o.WorkspaceId == workspaceId && o.Id == id, ct);
        if (operation is null)
        {
            return null;
        }

        var isPreviewed = operation.Status is not (OperationStatus.Draft or OperationStatus.Previewing);
        return new OperationView
        {
            Operation = operation,
            Action = catalog.Get(operation.Action),
            By = (await AuthorsOf(db, workspaceId, [operation], ct))(operation),
            Users = UsersOf(operation),
            Items = ItemsOf(operation),
            Progress = ProgressOf(operation),
            Reasons = isPreviewed ? await ReasonsOf(db, operation, ct) : [],
            Effects = operation.Effects is null ? [] : Json.Read<List<Effect>>(operation.Effects),
            Warnings = operation.Warnings is null ? [] : Json.Read<List<string>>(operation.Warnings),
            Mail = await MailOf(db, operation, ct),
            TakesAway = operation.Status == OperationStatus.Previewed && OperationRules.TakesAway(operation, catalog.Get(operation.Action)),
            CountToType = operation.Status == OperationStatus.Previewed ? await operations.CountToType(db, operation, ct) : null,
            WhyNotUndo = await operations.WhyNotUndo(db, operation, ct),
            UndoneBy = await db
                .Operations.Where(o => o.WorkspaceId == workspaceId && o.UndoOf == id && o.Status != OperationStatus.Cancelled)
                .Select(o => (long?)o.Id)
                .FirstOrDefaultAsync(ct),
        };
    }

    /// <summary>The newest operations with an id below <paramref name="before"/> (null: the newest of all).</summary>
    public async Task<IReadOnlyList<OperationLine>> Page(MusterDb db, Actor reader, long? before, int limit, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(reader);
        var workspaceId = reader.WorkspaceId;
        var page = await db
            .Operations.AsNoTracking()
            .VisibleTo(reader)
            .Where(o => o.WorkspaceId == workspaceId && o.Id < (before ?? long.MaxValue))
            .OrderByDescending(o => o.Id)
            .Take(limit)
            .ToListAsync(ct);
        var by = await AuthorsOf(db, workspaceId, page, ct);
        return [.. page.Select(o => new OperationLine(o, catalog.Find(o.Action), by(o), UsersOf(o)))];
    }

    /// <summary>The operation's users by what became of them.</summary>
    public static OutcomeCounts UsersOf(Operation o)
    {
        ArgumentNullException.ThrowIfNull(o);
        return Counted(o, o.Selected, o.WillChange, o.Skipped, o.Problems, o.Changed, o.Failed, o.LeftAlone);
    }

    private static OutcomeCounts ItemsOf(Operation o) =>
        Counted(
            o,
            o.ItemsWillChange + o.ItemsSkipped + o.ItemsProblems,
            o.ItemsWillChange,
            o.ItemsSkipped,
            o.ItemsProblems,
            o.ItemsChanged,
            o.ItemsFailed,
            o.ItemsLeftAlone
        );

    private static OutcomeCounts Counted(
        Operation o,
        long selected,
        long willChange,
        long skipped,
        long problems,
        long changed,
        long failed,
        long left
    ) =>
        o.Status is OperationStatus.Draft or OperationStatus.Previewing || o.PreviewedAt is null
            // Numbers of an earlier preview, if any, no longer say anything.
            ? new(selected, 0, 0, 0, 0, 0, 0, 0)
            : new(selected, willChange, skipped + left, problems, changed, failed, left, willChange - changed - failed - left);

    private static OperationProgress ProgressOf(Operation o) =>
        o switch
        {
            { Status: OperationStatus.Draft } => new(0, null),
            { Status: OperationStatus.Previewing, PreviewPhase: PreviewPhase.Selecting } => new(o.Selected, null),
            { ConfirmedAt: null } => new(o.Judged, o.Selected),
            _ => new(o.Changed + o.Failed + o.LeftAlone, o.WillChange),
        };

    private async Task<IReadOnlyList<ReasonCount>> ReasonsOf(MusterDb db, Operation operation, CancellationToken ct)
    {
        var items = db.OperationItems.Where(i => i.WorkspaceId == operation.WorkspaceId && i.OperationId == operation.Id);
        var sentences = new ReasonSentences(catalog.Get(operation.Action));
        var counts = new List<ReasonCount>();
        // The constant 0 lets both databases use the index of the items that do not change.
        var before = await items
            .Where(i => i.Verdict != Verdict.WillChange)
            .GroupBy(i => new { i.Verdict, i.Reason })
            .Select(g => new
            {
                g.Key,
                Users = g.Select(i => i.Ordinal).Distinct().LongCount(),
                Items = g.LongCount(),
                First = g.Min(i => i.Ordinal),
            })
            .ToListAsync(ct);
        foreach (var group in before)
        {
            var code = group.Key.Reason ?? "";
            var sentence = sentences.Find(code) ?? await Example(db, operation, group.First, code, ct);
            var outcome = group.Key.Verdict == Verdict.Problem ? Outcome.Problem : Outcome.Skipped;
            counts.Add(new(code, sentence, group.Key.Verdict, outcome, group.Users, group.Items));
        }

        if (operation.ItemsLeftAlone > 0 || operation.ItemsFailed > 0 || operation is { UndoOf: not null, ItemsChanged: > 0 })
        {
            var after = await items
                .Where(i => i.Verdict == Verdict.WillChange && i.OutcomeReason != null)
                .GroupBy(i => new { i.Outcome, i.OutcomeReason })
                .Select(g => new
                {
                    g.Key,
                    Users = g.Select(i => i.Ordinal).Distinct().LongCount(),
                    Items = g.LongCount(),
                })
                .OrderByDescending(g => g.Items)
                .Take(MostMessages)
                .ToListAsync(ct);
            counts.AddRange(
                after.Select(g =>
                    g.Key.Outcome == Outcome.Failed
                        ? new ReasonCount(FailedCode, g.Key.OutcomeReason!, Verdict.WillChange, Outcome.Failed, g.Users, g.Items)
                        : new(
                            g.Key.OutcomeReason!,
                            sentences.Find(g.Key.OutcomeReason!) ?? g.Key.OutcomeReason!,
                            Verdict.WillChange,
                            g.Key.Outcome,
                            g.Users,
                            g.Items
                        )
                )
            );
        }

        return [.. counts.OrderBy(c => c.Verdict).ThenBy(c => c.Outcome).ThenByDescending(c => c.Users).ThenBy(c => c.Code)];
    }

    /// <summary>What the first row of a group says, for reasons that only rows give words to.</summary>
    private static async Task<string> Example(MusterDb db, Operation operation, long ordinal, string code, CancellationToken ct)
    {
        var problems = await db
            .OperationRows.Where(r => r.WorkspaceId == operation.WorkspaceId && r.OperationId == operation.Id && r.Ordinal == ordinal)
            .Select(r => r.Problems)
            .SingleOrDefaultAsync(ct);
        var problem = problems is null ? null : Json.Read<List<RowProblem>>(problems).FirstOrDefault(p => p.Code == code);
        return problem is null ? ReasonSentences.Spell(code) : $"{ReasonSentences.Spell(code)}, for example {problem.Cell}: {problem.Text}";
    }

    private static async Task<MailCounts> MailOf(MusterDb db, Operation operation, CancellationToken ct)
    {
        var counts = await db
            .Outbox.Where(m => m.WorkspaceId == operation.WorkspaceId && m.OperationId == operation.Id)
            .GroupBy(m => m.Status)
            .Select(g => new { Status = g.Key, Count = g.LongCount() })
            .ToDictionaryAsync(g => g.Status, g => g.Count, ct);
        long Of(MessageStatus status) => counts.GetValueOrDefault(status);
        return new(
            Of(MessageStatus.Waiting),
            Of(MessageStatus.Sent),
            Of(MessageStatus.Failed),
            Of(MessageStatus.Suppressed),
            Of(MessageStatus.Kept)
        );
    }

    private static async Task<Func<Operation, OperationAuthor>> AuthorsOf(
        MusterDb db,
        long workspaceId,
        IReadOnlyList<Operation> page,
        CancellationToken ct
    )
    {
        var accounts = page.Select(o => o.AccountId).OfType<long>().Distinct().ToList();
        var tokens = page.Select(o => o.TokenId).OfType<long>().Distinct().ToList();
        var people = await db
            .Users.Where(a => accounts.Contains(a.Id))
            .ToDictionaryAsync(a => a.Id, a => new OperationAuthor($"{a.FirstName} {a.LastName}".Trim(), a.Email), ct);
        var programs = await db
            .ApiTokens.Where(t => t.WorkspaceId == workspaceId && tokens.Contains(t.Id))
            .ToDictionaryAsync(t => t.Id, t => new OperationAuthor(t.Name, null), ct);
        return o =>
            o.AccountId is { } account ? people.GetValueOrDefault(account, new("A removed account", null))
            : o.TokenId is { } token ? programs.GetValueOrDefault(token, new("A removed token", null))
            : new("Command line", null);
    }
}
