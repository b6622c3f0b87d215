using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Mail;

/// <summary>Messages that this process is about to send, and the mark that says so in the database.</summary>
/// <param name="WorkspaceId">Whose.</param>
/// <param name="Messages">Those that were not tried yet.</param>
public sealed record MailClaim(long WorkspaceId, Queue<DueMessage> Messages)
{
    /// <summary>Its messages carry this, and nobody else's.</summary>
    public required DateTime Mark { get; set; }

    /// <summary>When it was last written, or tried to be: a timestamp of the process's own clock.</summary>
    public required long WrittenAt { get; set; }
}

/// <summary>
/// Which process sends which messages. A claim is a mark on its messages, set by compare-and-set and written anew every few seconds while its process lives;
/// one that has stood still for too long is given up by whoever sees it. Only the change of the mark counts, never the time in it: nodes whose clocks differ
/// by a minute do not take each other for dead.
/// </summary>
public sealed partial class OutboxClaims(Databases databases, MailOptions options, TimeProvider clock, ILogger<OutboxClaims> log)
{
    /// <summary>Messages claimed and loaded at once.</summary>
    public const int Page = 100;

    /// <summary>Since when each claim of others stands as it does, by this process's own clock.</summary>
    private readonly Dictionary<(long WorkspaceId, DateTime Mark), long> seen = [];

    /// <summary>On SQLite one process sends: whoever claimed messages before this one started is gone, and nobody waits for it.</summary>
    public async Task TakeOver(CancellationToken ct)
    {
        await using var db = databases.Open(0);
        var claimed = db.Outbox.IgnoreQueryFilters().Where(m => m.ClaimedAt != null && m.Status == MessageStatus.Waiting);
        // Looked for before: a statement that would change nothing still waits for SQLite's one writer.
        if (db.IsSqlite && await claimed.AnyAsync(ct))
        {
            await claimed.ExecuteUpdateAsync(set => set.SetProperty(m => m.ClaimedAt, (DateTime?)null), ct);
        }
    }

    /// <summary>Gives up the claims that were not written anew for <see cref="MailOptions.Silence"/> while this process looked on.</summary>
    public async Task GiveUpSilent(CancellationToken ct)
    {
        await using var db = databases.Open(0);
        var claims = await db
            .Outbox.IgnoreQueryFilters()
            .Where(m => m.ClaimedAt != null && m.Status == MessageStatus.Waiting)
            .Select(m => new { m.WorkspaceId, Mark = m.ClaimedAt!.Value })
            .Distinct()
            .ToListAsync(ct);
        var present = claims.Select(claim => (claim.WorkspaceId, claim.Mark)).ToHashSet();
        foreach (var gone in seen.Keys.Where(claim => !present.Contains(claim)).ToList())
        {
            seen.Remove(gone);
        }

        foreach (var (workspaceId, mark) in present)
        {
            if (
                !seen.TryAdd((workspaceId, mark), clock.GetTimestamp())
                && clock.GetElapsedTime(seen[(workspaceId, mark)]) >= options.Silence
            )
            {
                await LetGo(workspaceId, mark, ct);
            }
        }
    }

    /// <summary>Workspaces with messages that are due and nobody sends.</summary>
    public async Task<IReadOnlyList<long>> Workspaces(CancellationToken ct)
    {
        var now = clock.Now();
        await using var db = databases.Open(0);
        return await db
            .Outbox.IgnoreQueryFilters()
            .Where(m => m.Status == MessageStatus.Waiting && m.DueAt <= now && m.ClaimedAt == null)
            .Select(m => m.WorkspaceId)
            .Distinct()
            .OrderBy(id => id)
            .ToListAsync(ct);
    }

    /// <summary>Claims and loads the next messages that are due, the longest due first.</summary>
    public async Task<MailClaim> Claim(long workspaceId, CancellationToken ct)
    {
        var (now, mark, writtenAt) = (clock.Now(), NewMark(), clock.GetTimestamp());
        await using var db = databases.Open(workspaceId);
        var due = db.Outbox.Where(m =>
            m.WorkspaceId == workspaceId && m.Status == MessageStatus.Waiting && m.DueAt <= now && m.ClaimedAt == null
        );
        // A transaction, so that nobody sees the mark before it is known whose it is; from then on it lives, however long loading takes.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // In the order of the index, so that a backlog is never sorted; the conditions stand outside the page too, because PostgreSQL asks them
        // again after waiting for another claimer.
        var claimed = await (
            from m in due
            join next in due.OrderBy(m => m.DueAt).Take(Page)
                on new
                {
                    m.WorkspaceId,
                    m.OperationId,
                    m.ProfileId,
                    m.Purpose,
                } equals new
                {
                    next.WorkspaceId,
                    next.OperationId,
                    next.ProfileId,
                    next.Purpose,
                }
            select m
        ).ExecuteUpdateAsync(set => set.SetProperty(m => m.ClaimedAt, mark), ct);
        var keys =
            claimed == 0
                ? []
                : await db
                    .Outbox.Where(m => m.WorkspaceId == workspaceId && m.ClaimedAt == mark && m.Status == MessageStatus.Waiting)
                    .Select(m => new Key(m.OperationId, m.ProfileId, m.Purpose))
                    .ToListAsync(ct);
        await transaction.CommitAsync(ct);
        var claim = new MailClaim(workspaceId, []) { Mark = mark, WrittenAt = writtenAt };
        if (keys.Count == 0)
        {
            return claim;
        }

        try
        {
            var loading = Load(db, workspaceId, keys, ct);
            await KeepWhile(claim, loading);
            (await loading).ForEach(claim.Messages.Enqueue);
            return claim;
        }
        catch
        {
            // Trouble with the database: whoever tries next need not wait until the claim has been silent for long enough.
            await LetGo(workspaceId, claim.Mark, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Waits for work of the process that sends; meanwhile, however long it takes, the claim shows that it lives.</summary>
    public async Task KeepWhile(MailClaim claim, Task work)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(work);
        while (true)
        {
            var rest = options.Beat - clock.GetElapsedTime(claim.WrittenAt);
            if (rest <= TimeSpan.Zero)
            {
                await Renew(claim);
                if (work.IsCompleted)
                {
                    await work;
                    return;
                }

                continue;
            }

            try
            {
                await work.WaitAsync(rest, clock);
                return;
            }
            catch (TimeoutException) when (!work.IsFaulted)
            {
                // It is time for a sign of life.
            }
        }
    }

    /// <summary>Lets go of the messages that were not tried.</summary>
    public Task Release(MailClaim claim, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return claim.Messages.Count == 0 ? Task.CompletedTask : LetGo(claim.WorkspaceId, claim.Mark, ct);
    }

    /// <summary>The mark of all its messages that still wait changes. What others have taken over stays theirs.</summary>
    private async Task Renew(MailClaim claim)
    {
        claim.WrittenAt = clock.GetTimestamp();
        var (workspaceId, old, mark) = (claim.WorkspaceId, claim.Mark, NewMark());
        try
        {
            await using var db = databases.Open(workspaceId);
            await db
                .Outbox.Where(m => m.WorkspaceId == workspaceId && m.ClaimedAt == old && m.Status == MessageStatus.Waiting)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.ClaimedAt, mark));
            claim.Mark = mark;
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            // The message under way goes on; before the next one it is asked whether it is still ours.
            Log.Unrenewed(log, workspaceId, e);
        }
    }

    /// <summary>Messages by their keys, not by the mark, which is written anew meanwhile. Before each is sent it is asked whether it is still ours.</summary>
    private static async Task<List<DueMessage>> Load(MusterDb db, long workspaceId, List<Key> keys, CancellationToken ct)
    {
        var operations = keys.Select(key => key.OperationId).Distinct().ToList();
        var people = keys.Select(key => key.ProfileId).Distinct().ToList();
        var messages = db.Outbox.Where(m =>
            m.WorkspaceId == workspaceId
            && operations.Contains(m.OperationId)
            && people.Contains(m.ProfileId)
            && m.ClaimedAt != null
            && m.Status == MessageStatus.Waiting
        );
        var loaded = await DueMessages.Load(db, messages, people).OrderBy(m => m.OperationId).ThenBy(m => m.ProfileId).ToListAsync(ct);
        // The lists cross: among them may be another purpose, or another operation's message to the same person.
        return loaded.FindAll(m => keys.Contains(new(m.OperationId, m.ProfileId, m.Purpose)));
    }

    private async Task LetGo(long workspaceId, DateTime mark, CancellationToken ct)
    {
        await using var db = databases.Open(workspaceId);
        await db
            .Outbox.Where(m => m.WorkspaceId == workspaceId && m.ClaimedAt == mark && m.Status == MessageStatus.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.ClaimedAt, (DateTime?)null), ct);
    }

    /// <summary>The present time with a microsecond drawn at random: no two claims have the same.</summary>
    private DateTime NewMark() => clock.Now().AddMicroseconds(RandomNumberGenerator.GetInt32(1_000_000));

    private sealed record Key(long OperationId, long ProfileId, MessagePurpose Purpose);

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "What is being sent in workspace {Workspace} cannot be marked so; another process may take it over"
        )]
        public static partial void Unrenewed(ILogger logger, long workspace, Exception e);
    }
}
