using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Data;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What is inserted in bulk is read back as it was, and what cannot be inserted leaves nothing.</summary>
public sealed class BulkInsertTests(PostgresServer postgres)
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Every_kind_of_value_comes_back_as_it_was(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.People(1));
        await using var db = stage.Database.Databases.Open(stage.Given.Workspace);
        var profile = await db.Profiles.Select(p => p.Id).MinAsync(Ct);
        await db.Invitations.ExecuteDeleteAsync(Ct);
        var fields = Enum.GetValues<FieldKind>()
            .Select(
                (field, i) =>
                    new CustomField
                    {
                        WorkspaceId = stage.Given.Workspace,
                        Id = 9_000 + i,
                        Name = $"{field}",
                        NameKey = $"{field}",
                        Kind = field,
                        Position = i,
                    }
            )
            .ToList();
        await db.BulkInsert(fields, Ct);
        FieldValue Value(int field, Action<FieldValue> set)
        {
            var value = new FieldValue
            {
                WorkspaceId = stage.Given.Workspace,
                ProfileId = profile,
                FieldId = fields[field].Id,
            };
            set(value);
            return value;
        }

        await db.BulkInsert(
            [
                Value(0, v => v.Text = "Zoë “Œ” 😀\n'); DROP TABLE profiles; --"),
                Value(1, v => v.Number = -12345678901234.5678m),
                Value(2, v => v.Date = new DateOnly(2028, 2, 29)),
                Value(3, v => v.YesNo = false),
            ],
            Ct
        );
        var moment = new DateTime(2026, 11, 27, 12, 34, 56, DateTimeKind.Utc).AddTicks(1_234_560);
        await db.BulkInsert(
            [
                new Invitation
                {
                    WorkspaceId = stage.Given.Workspace,
                    ProfileId = profile,
                    TokenHash = "hash",
                    SentCount = 3,
                    LastSentAt = moment,
                    ExpiresAt = moment.AddDays(1),
                },
            ],
            Ct
        );

        var lockout = new DateTimeOffset(2026, 11, 27, 12, 34, 56, TimeSpan.Zero).AddTicks(1_234_560);
        await db.BulkInsert([new Account { Id = 9_001 }, new Account { Id = 9_002, LockoutEnd = lockout }], Ct);

        var read = await db.FieldValues.AsNoTracking().Where(v => v.FieldId >= 9_000).OrderBy(v => v.FieldId).ToListAsync(Ct);
        Assert.Equal(
            [
                ("Zoë “Œ” 😀\n'); DROP TABLE profiles; --", null, null, null),
                (null, -12345678901234.5678m, null, null),
                (null, null, new DateOnly(2028, 2, 29), null),
                (null, null, null, false),
            ],
            read.Select(v => (v.Text, v.Number, v.Date, v.YesNo))
        );
        Assert.Equal(
            [null, lockout],
            await db.Set<Account>().Where(a => a.Id == 9_001 || a.Id == 9_002).OrderBy(a => a.Id).Select(a => a.LockoutEnd).ToListAsync(Ct)
        );
        var invitation = await db.Invitations.AsNoTracking().SingleAsync(i => i.ProfileId == profile, Ct);
        Assert.Equal(
            ("hash", 3, moment, moment.AddDays(1), (DateTime?)null),
            (invitation.TokenHash, invitation.SentCount, invitation.LastSentAt, invitation.ExpiresAt, invitation.AcceptedAt)
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_row_that_cannot_be_inserted_takes_the_others_with_it(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.People(1));
        await using var db = stage.Database.Databases.Open(stage.Given.Workspace);
        var profile = await db.Profiles.Select(p => p.Id).MinAsync(Ct);
        await db.Invitations.ExecuteDeleteAsync(Ct);
        Invitation Of(long id) =>
            new()
            {
                WorkspaceId = stage.Given.Workspace,
                ProfileId = id,
                TokenHash = "hash",
                LastSentAt = DateTime.UnixEpoch,
                ExpiresAt = DateTime.UnixEpoch,
            };

        await Assert.ThrowsAnyAsync<DbException>(() => db.BulkInsert([Of(profile), Of(profile)], Ct));
        await Assert.ThrowsAnyAsync<DbException>(() => db.BulkInsert([Of(profile), Of(987_654_321)], Ct));

        Assert.False(await db.Invitations.AnyAsync(Ct));
    }
}
