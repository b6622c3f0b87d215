using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>The promises, for Archive profiles.</summary>
public sealed class ArchiveProfilesSpec(PostgresServer postgres) : BulkActionSpec(postgres)
{
    protected override string Action => "archive-profiles";

    protected override IReadOnlyList<(string Json, string Field)> WrongParameters =>
        [("{\"reason\":\"gone\"}", "reason"), ("[]", "parameters")];

    // A message that waited stays suppressed: its token is gone, so a new one has to be sent.
    protected override IReadOnlyCollection<string> ColumnsUndoLeaves =>
        ["profiles.operation_id", "invitations.operation_id", "outbox.status", "outbox.secret"];

    protected override Plan OnEverybody(Given given) => new("{}", new() { Filter = new() });

    protected override Plan OnMany(Given given, int users)
    {
        ArgumentNullException.ThrowIfNull(given);
        var people = given.People(users);
        foreach (var person in people.Take(20))
        {
            given.Enrol(person, given.Safety, EnrolmentStatus.NotStarted);
        }

        return new("{}", new() { Users = [.. people.Select(p => p.Id)] });
    }

    protected override async Task TouchBeforeRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(item);
        await stage.ByHand(async db =>
        {
            var person = await db.Profiles.SingleAsync(p => p.Id == item.ProfileId);
            if (person.Status == ProfileStatus.Active && item.Ordinal % 2 == 0)
            {
                db.Enrolments.Add(
                    new Enrolment
                    {
                        WorkspaceId = item.WorkspaceId,
                        ProfileId = item.ProfileId,
                        CourseId = stage.Given.Chemicals.Id,
                        Attempt = 9,
                        CreatedAt = stage.Given.Now,
                    }
                );
            }
            else
            {
                person.Status = person.Status == ProfileStatus.Invited ? ProfileStatus.Cancelled : ProfileStatus.Archived;
            }
        });
    }

    protected override Task TouchAfterRun(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.ByHand(async db =>
        {
            var person = await db.Profiles.SingleAsync(p => p.Id == item.ProfileId);
            (person.Status, person.OperationId) = (ProfileStatus.Active, null);
        });
    }

    protected override async Task<bool> MakeChangeable(Stage stage, OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(item);
        if (item.Reason is not ("already-archived" or "cancelled"))
        {
            return false;
        }

        await stage.ByHand(async db =>
        {
            var person = await db.Profiles.SingleAsync(p => p.Id == item.ProfileId);
            person.Status = person.RegisteredAt is null ? ProfileStatus.Invited : ProfileStatus.Active;
        });
        return true;
    }

    protected override Refusal RefusalOf(OperationItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new("profiles", "UPDATE", $"NEW.id = {item.ProfileId}");
    }

    protected override async Task AssertDone(Stage stage, Operation operation, IReadOnlyList<OperationItem> items)
    {
        ArgumentNullException.ThrowIfNull(stage);
        var dump = await stage.Domain();
        foreach (var item in items.Where(i => i.Outcome == Outcome.Changed))
        {
            var person = dump.OfPerson(stage.Given.Workspace, item.ProfileId);
            Assert.Equal("2", Assert.Single(person.Rows("profiles"))["status"]);
            Assert.Equal("{\"status\":\"Archived\",\"openEnrolments\":0}", item.After);
        }
    }
}
