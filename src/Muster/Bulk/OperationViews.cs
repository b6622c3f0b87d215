using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.Mail;

namespace Muster.Bulk;

/// <summary>Reads operations for people and programs; every statement names the workspace.</summary>
public sealed class OperationViews(ActionCatalog catalog, Operations operations, TimeProvider clock)
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
        var needsApproval = operation.Status == OperationStatus.Previewed && await OperationRules.NeedsApproval(db, operation, ct);
        var confirmer = operation.ConfirmedAt is null
            ? await OperationRules.AccountBehind(db, reader, ct)
            : await OperationRules.ConfirmerOf(db, operation, ct);
        var authors = await AuthorsOf(db, workspaceId, [operation], ct);
        return new OperationView
        {
            Operation = operation,
            Action = catalog.Get(operation.Action),
            By = authors.Of(operation),
            Users = UsersOf(operation),
            Items = ItemsOf(operation),
            Progress = ProgressOf(operation),
            Reasons = isPreviewed ? await ReasonsOf(db, operation, ct) : [],
            Effects = operation.Effects is null ? [] : Json.Read<List<Effect>>(operation.Effects),
            Warnings = operation.Warnings is null ? [] : Json.Read<List<string>>(operation.Warnings),
            Mail = await MailOf(db, operation, ct),
            TakesAway = operation.Status == OperationStatus.Previewed && OperationRules.TakesAway(operation, catalog.Get(operation.Action)),
            CountToType = operation.Status == OperationStatus.Previewed ? await operations.CountToType(db, operation, ct) : null,
            NeedsApproval = needsApproval,
            Approvers =
                needsApproval || operation.Status == OperationStatus.AwaitingApproval
                    ? await ApprovalRequests.Find(db, operation, confirmer, clock, ct)
                    : null,
            ConfirmedBy = operation.ConfirmedAt is null ? null : authors.Of(operation.ConfirmedByAccountId, operation.ConfirmedByTokenId),
            ApprovedBy = operation.ApprovedAt is null ? null : authors.Of(operation.ApprovedByAccountId),
            WhyNotApprove = await OperationRules.WhyNotApprove(db, operation, reader, clock, ct),
            WhyNotUndo = await operations.WhyNotUndo(db, operation, ct),
            UndoneBy = await db
                .Operations.Where(o => o.WorkspaceId == workspaceId && o.UndoOf == id && o.Status != OperationStatus.Cancelled)
                .Select(o => (long?)o.Id)
                .FirstOrDefaultAsync(ct),
        };
    }

    /// <summary>The newest operations with an id below <paramref name="before"/> (null: the newest of all).</summary>
    public Task<IReadOnlyList<OperationLine>> Page(MusterDb db, Actor reader, long? before, int limit, CancellationToken ct) =>
        Lines(db, reader, o => o.Id < (before ?? long.MaxValue), limit, ct);

    /// <summary>The newest operations that a schedule began.</summary>
    public Task<IReadOnlyList<OperationLine>> OfSchedule(MusterDb db, Actor reader, long scheduleId, int limit, CancellationToken ct) =>
        Lines(db, reader, o => o.ScheduleId == scheduleId, limit, ct);

    private async Task<IReadOnlyList<OperationLine>> Lines(
        MusterDb db,
        Actor reader,
        Expression<Func<Operation, bool>> wanted,
        int limit,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(reader);
        var workspaceId = reader.WorkspaceId;
        var page = await db
            .Operations.AsNoTracking()
            .VisibleTo(reader)
            .Where(o => o.WorkspaceId == workspaceId)
            .Where(wanted)
            .OrderByDescending(o => o.Id)
            .Take(limit)
            .ToListAsync(ct);
        var by = await AuthorsOf(db, workspaceId, page, ct);
        return [.. page.Select(o => new OperationLine(o, catalog.Find(o.Action), by.Of(o), UsersOf(o)))];
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

        if (operation.ItemsExplained > 0)
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
            .Outbox.Where(m =>
                m.WorkspaceId == operation.WorkspaceId && m.OperationId == operation.Id && m.Purpose != MessagePurpose.Approval
            )
            .GroupBy(m => m.Status)
            .Select(g => new { Status = g.Key, Count = g.LongCount() })
            .ToDictionaryAsync(g => g.Status, g => g.Count, ct);
        long Of(MessageStatus status) => counts.GetValueOrDefault(status);
        return new(
            Of(MessageStatus.Waiting) + Of(MessageStatus.Held),
            Of(MessageStatus.Sent),
            Of(MessageStatus.Failed),
            Of(MessageStatus.Suppressed),
            Of(MessageStatus.Kept)
        );
    }

    private static async Task<Authors> AuthorsOf(MusterDb db, long workspaceId, IReadOnlyList<Operation> page, CancellationToken ct)
    {
        var accounts = page.SelectMany(o => new[] { o.AccountId, o.ConfirmedByAccountId, o.ApprovedByAccountId })
            .OfType<long>()
            .Distinct()
            .ToList();
        var tokens = page.SelectMany(o => new[] { o.TokenId, o.ConfirmedByTokenId }).OfType<long>().Distinct().ToList();
        var people = await db
            .Users.Where(a => accounts.Contains(a.Id))
            .ToDictionaryAsync(a => a.Id, a => new OperationAuthor($"{a.FirstName} {a.LastName}".Trim(), a.Email), ct);
        var programs = await db
            .ApiTokens.Where(t => t.WorkspaceId == workspaceId && tokens.Contains(t.Id))
            .ToDictionaryAsync(t => t.Id, t => new OperationAuthor(t.Name, null), ct);
        return new(people, programs);
    }

    private sealed record Authors(Dictionary<long, OperationAuthor> People, Dictionary<long, OperationAuthor> Programs)
    {
        private static readonly OperationAuthor CommandLine = new("Command line", null);

        public OperationAuthor Of(Operation o) => Of(o.AccountId, o.TokenId);

        public OperationAuthor Of(long? accountId, long? tokenId) =>
            accountId is null && tokenId is { } token ? Programs.GetValueOrDefault(token, new("A removed token", null)) : Of(accountId);

        /// <summary>A person; without an account it was a program.</summary>
        public OperationAuthor Of(long? accountId) =>
            accountId is { } account ? People.GetValueOrDefault(account, new("A removed account", null)) : CommandLine;
    }
}
