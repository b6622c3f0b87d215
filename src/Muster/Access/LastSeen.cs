using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Access;

/// <summary>
/// Keeps "last active" of profiles (at most every five minutes) and "last used" of tokens (every minute) beside the requests: nobody waits for the write,
/// and a bulk operation meets at most one short statement at a time. What is not written when the process ends is lost; it is a courtesy, not a record.
/// </summary>
public sealed partial class LastSeen(Databases databases, TimeProvider clock, ILogger<LastSeen> log) : BackgroundService
{
    private static readonly TimeSpan ProfilePause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TokenPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WritePause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Key, DateTime> _written = new();
    private readonly ConcurrentDictionary<Key, DateTime> _waiting = new();

    /// <summary>Somebody was here just now.</summary>
    public void Note(Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if ((actor.TokenId ?? actor.ProfileId) is not { } id)
        {
            return;
        }

        var key = new Key(actor.WorkspaceId, id, actor.TokenId is not null);
        var now = clock.Now();
        if (!_written.TryGetValue(key, out var last) || now - last >= key.Pause)
        {
            _waiting.TryAdd(key, now);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(WritePause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Write(stoppingToken);
        }
    }

    private async Task Write(CancellationToken ct)
    {
        foreach (var (key, at) in _waiting)
        {
            try
            {
                await Write(key, at, ct);
                _written[key] = at;
                _waiting.TryRemove(key, out _);
            }
            catch (Exception trouble) when (trouble is System.Data.Common.DbException or TimeoutException or InvalidOperationException)
            {
                NotWritten(trouble);
                return;
            }
        }

        var old = clock.Now() - ProfilePause;
        foreach (var key in _written.Where(entry => entry.Value < old).Select(entry => entry.Key))
        {
            _written.TryRemove(key, out _);
        }
    }

    private async Task Write(Key key, DateTime at, CancellationToken ct)
    {
        await using var db = databases.Open(key.WorkspaceId);
        var before = at - key.Pause;
        await (
            key.IsToken
                ? db
                    .ApiTokens.Where(t =>
                        t.WorkspaceId == key.WorkspaceId && t.Id == key.Id && (t.LastUsedAt == null || t.LastUsedAt <= before)
                    )
                    .ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, at), ct)
                : db
                    .Profiles.Where(p =>
                        p.WorkspaceId == key.WorkspaceId && p.Id == key.Id && (p.LastActiveAt == null || p.LastActiveAt <= before)
                    )
                    .ExecuteUpdateAsync(set => set.SetProperty(p => p.LastActiveAt, at), ct)
        );
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The time somebody was last active could not be written; it is tried again")]
    private partial void NotWritten(Exception trouble);

    private readonly record struct Key(long WorkspaceId, long Id, bool IsToken)
    {
        public TimeSpan Pause => IsToken ? TokenPause : ProfilePause;
    }
}
