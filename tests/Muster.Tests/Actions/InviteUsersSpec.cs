using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Mail;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The promises, for Invite users.</summary>
public sealed class InviteUsersSpec(PostgresServer postgres) : BulkActionSpec(postgres)
{
    private const string Header = "Email,First name,Last name,Role,Organisation unit,Groups,Manages,Expiry date\r\n";

    protected override string Action => "invite-users";

    protected override IReadOnlyList<(string Json, string Field)> WrongParameters => [("{\"groups\":[1]}", "groups")];

    protected override IReadOnlyCollection<string> RandomColumns => ["token_hash", "secret"];

    protected override Plan OnEverybody(Given given)
    {
        ArgumentNullException.ThrowIfNull(given);
        var file = new StringBuilder(Header);
        // The cancelled first and last: new people stand in the middle.
        var cancelled = given.All.Where(p => p.Status == ProfileStatus.Cancelled).ToList();
        file.Append(
            CultureInfo.InvariantCulture,
            $"{cancelled[0].Email},Anew,Person,Manager,Sales,Crew; Choir,Sales / North,2027-01-31\r\n"
        );
        foreach (var i in Enumerable.Range(1, 12))
        {
            var (role, unit, groups) = (i % 4 == 0 ? "Manager" : "", i % 3 == 0 ? "" : "Sales / North", i % 2 == 0 ? "Crew;Night" : "");
            file.Append(CultureInfo.InvariantCulture, $"new.{i}@example.net,New,Person {i},{role},{unit},{groups},,\r\n");
        }

        foreach (var person in given.All.Except(cancelled))
        {
            file.Append(CultureInfo.InvariantCulture, $"{person.Email},Somebody,Else,,,,,\r\n");
        }

        file.Append("not an address,Some,Body,,,,,\r\nnew.1@EXAMPLE.net,Twice,Named,,,,,\r\nlost@example.net,Lo,St,,Nowhere,,,\r\n");
        file.Append(CultureInfo.InvariantCulture, $"{cancelled[1].Email},Also,Anew,,,,,\r\n");
        return new("{}", new() { File = true }, Encoding.UTF8.GetBytes(file.ToString()));
    }

    protected override Plan OnMany(Given given, int users)
    {
        var file = new StringBuilder(Header);
        foreach (var i in Enumerable.Range(1, users))
        {
            file.Append(CultureInfo.InvariantCulture, $"new.{i}@example.net,New,Person {i},,Sales / North,Crew,,\r\n");
        }

        return new("{}", new() { File = true }, Encoding.UTF8.GetBytes(file.ToString()));
    }

    protected override Task TouchBeforeRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(item);
        return stage.ByHand(async db =>
        {
            if (await db.Profiles.SingleOrDefaultAsync(p => p.Id == item.ProfileId) is { } known)
            {
                known.FirstName += " changed";
                return;
            }

            var row = await db.InvitationRows.SingleAsync(r => r.OperationId == item.OperationId && r.Ordinal == item.Ordinal);
            db.Profiles.Add(
                new Profile
                {
                    WorkspaceId = item.WorkspaceId,
                    Id = 900_000 + item.Ordinal,
                    Email = row.Email,
                    EmailKey = row.EmailKey,
                    FirstName = "Some",
                    LastName = "Else",
                    SortName = "else, some",
                    SearchText = "some else",
                    Status = ProfileStatus.Invited,
                }
            );
        });
    }

    protected override Task TouchAfterRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(item);
        return stage.ByHand(async db =>
        {
            var person = await db.Profiles.SingleAsync(p => p.Id == item.ProfileId);
            (person.FirstName, person.OperationId) = (person.FirstName + " changed", null);
        });
    }

    protected override async Task<bool> MakeChangeable(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(item);
        await stage.ByHand(async db =>
        {
            var person = await db.Profiles.SingleAsync(p => p.Id == item.ProfileId);
            person.Status = person.Id == stage.Given.Self.Id ? person.Status : ProfileStatus.Cancelled;
        });
        return item.ProfileId != stage.Given.Self.Id;
    }

    protected override Refusal RefusalOf(OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new("profiles", "INSERT", $"NEW.id = {item.ProfileId}");
    }

    /// <summary>New people stay as Cancelled; formerly Cancelled ones are what they were; messages that had not gone out are suppressed.</summary>
    protected override void AssertUndone(Dump before, Dump after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var known = before.Rows("profiles").Select(p => p["id"]).ToHashSet(StringComparer.Ordinal);
        bool IsKnown(string table, IReadOnlyDictionary<string, string> row) =>
            table != "outbox" && known.Contains(row.GetValueOrDefault(table == "profiles" ? "id" : "profile_id", "NULL"));
        bool IsNobodys(string table, IReadOnlyDictionary<string, string> row) => table != "profiles" && !row.ContainsKey("profile_id");

        Assert.Equal("", Dump.Difference(before.Where(IsKnown), after.Where(IsKnown)));
        Assert.Equal("", Dump.Difference(before.Where(IsNobodys), after.Where(IsNobodys)));
        var cancelled = ((int)ProfileStatus.Cancelled).ToString(CultureInfo.InvariantCulture);
        var suppressed = ((int)MessageStatus.Suppressed).ToString(CultureInfo.InvariantCulture);
        var made = after.Rows("profiles").Where(p => !known.Contains(p["id"])).ToList();
        Assert.NotEmpty(made);
        Assert.All(made, p => Assert.Equal(cancelled, p["status"]));
        Assert.All(after.Rows("invitations").Where(i => !known.Contains(i["profile_id"])), i => Assert.NotEqual("NULL", i["cancelled_at"]));
        var sent = after.Rows("outbox").Where(m => before.Rows("outbox").All(b => b["operation_id"] != m["operation_id"])).ToList();
        Assert.All(sent, m => Assert.Equal((suppressed, "NULL"), (m["status"], m["secret"])));
    }

    protected override async Task AssertDone(Stage stage, Operation operation, IReadOnlyList<OperationItem> items)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(operation);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var invited = items.Where(i => i.Outcome == Outcome.Changed).Select(i => i.ProfileId).ToList();
        var people = await db.Profiles.AsNoTracking().Where(p => invited.Contains(p.Id)).ToListAsync();
        Assert.Equal(invited.Count, people.Count);
        Assert.All(people, p => Assert.Equal((ProfileStatus.Invited, operation.Id), (p.Status, p.OperationId)));
        var messages = await db.Outbox.AsNoTracking().Where(m => m.OperationId == operation.Id).ToListAsync();
        Assert.Equal(invited.Order(), messages.Select(m => m.ProfileId).Order());
        Assert.Equal(invited.Count, Json.Read<List<Effect>>(operation.Effects!).Single(e => e.Code == "emails").Count);
        var invitations = await db.Invitations.AsNoTracking().Where(i => i.OperationId == operation.Id).ToListAsync();
        Assert.Equal(invited.Order(), invitations.Select(i => i.ProfileId).Order());
        Assert.All(
            messages,
            message =>
            {
                var token = stage.Pipeline.Secret(message.Secret!);
                Assert.Equal(Secrets.Hash(token), invitations.Single(i => i.ProfileId == message.ProfileId).TokenHash);
            }
        );
    }
}
