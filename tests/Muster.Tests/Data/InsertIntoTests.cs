using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>INSERT … SELECT writes what the initialiser says, or says why it cannot.</summary>
public sealed class InsertIntoTests(PostgresServer postgres)
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Values_of_rows_of_the_program_and_none_at_all(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.People(2));
        await using var db = stage.Database.Databases.Open(stage.Given.Workspace);
        await db.Invitations.ExecuteDeleteAsync(Ct);
        var (hash, now) = ("{0} } {{ it's @p0", new DateTime(2026, 11, 27, 12, 0, 0, DateTimeKind.Utc).AddTicks(10));

        var written = await db
            .Profiles.Select(p => new { p.WorkspaceId, p.Id })
            .InsertInto(
                db.Invitations,
                p => new Invitation
                {
                    WorkspaceId = p.WorkspaceId,
                    ProfileId = p.Id,
                    // The same expression again is no other column.
                    OperationId = p.Id,
                    SentCount = p.Id > 0 ? 3 : 4,
                    TokenHash = hash,
                    LastSentAt = now,
                    ExpiresAt = now,
                    AcceptedAt = null,
                },
                Ct
            );

        var read = await db.Invitations.AsNoTracking().ToListAsync(Ct);
        Assert.Equal(written, read.Count);
        Assert.Equal(await db.Profiles.Select(p => p.Id).OrderBy(id => id).ToListAsync(Ct), read.Select(i => i.ProfileId).Order());
        Assert.All(
            read,
            i =>
                Assert.Equal(
                    (i.ProfileId, 3, hash, now, now, null),
                    (i.OperationId, i.SentCount, i.TokenHash, i.LastSentAt, i.ExpiresAt, i.AcceptedAt)
                )
        );
    }

    [Fact]
    public async Task A_call_and_two_columns_that_are_one_in_sql_are_refused()
    {
        await using var stage = await Stage.Set(DatabaseKind.Sqlite, postgres, given => given.People(1));
        await using var db = stage.Database.Databases.Open(stage.Given.Workspace);
        var people = db.Profiles.Select(p => new
        {
            p.WorkspaceId,
            p.Id,
            Again = p.Id,
        });

        var call = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            people.InsertInto(db.Memberships, p => new Membership { WorkspaceId = p.WorkspaceId, ProfileId = Math.Abs(p.Id) }, Ct)
        );
        var twice = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            people.InsertInto(
                db.Memberships,
                p => new Membership
                {
                    WorkspaceId = p.WorkspaceId,
                    ProfileId = p.Id,
                    GroupId = p.Again,
                },
                Ct
            )
        );

        Assert.Contains("Abs", call.Message, StringComparison.Ordinal);
        Assert.Contains("GroupId", twice.Message, StringComparison.Ordinal);
        Assert.False(await db.Memberships.AnyAsync(Ct));
    }
}
