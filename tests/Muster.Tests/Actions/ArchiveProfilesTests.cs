using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>Whom Archive profiles leaves alone and why, and what it ends for the others.</summary>
public sealed class ArchiveProfilesTests(PostgresServer postgres)
{
    private const string Action = "archive-profiles";
    private static readonly Plan Everybody = new("{}", new() { Filter = new() });

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ARCHIVE-5")]
    [Rule("EXPIRED-1")]
    public async Task An_Admin_archives_everybody_with_access_or_an_invitation_but_no_Site_Admin_and_not_themself(DatabaseKind kind)
    {
        await using var stage = await OneOfEach(kind);

        var operation = await stage.Pipeline.Run(stage.Given.Admin, await stage.Pipeline.Preview(stage.Given.Admin, Action, Everybody));

        Assert.Equal(
            [
                "Active: ",
                "Admin: ",
                "Archived: already-archived",
                "ArchivedUnaccepted: already-archived",
                "Cancelled: cancelled",
                "Expired: ",
                "ExpiredAdmin: ",
                "Invited: ",
                "Lapsed: ",
                "Manager: ",
                "Self: yourself",
                "SiteAdmin: higher-role",
            ],
            await Reasons(stage, operation)
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ARCHIVE-6")]
    public async Task A_Site_Admin_archives_Site_Admins_too_and_leaves_the_first_Admin(DatabaseKind kind)
    {
        await using var stage = await OneOfEach(kind);
        var boss = stage.Given.CommandLine;

        var operation = await stage.Pipeline.Run(boss, await stage.Pipeline.Preview(boss, Action, Everybody));

        var reasons = await Reasons(stage, operation);
        Assert.Contains("SiteAdmin: ", reasons);
        Assert.Contains("Admin: last-admin", reasons);
        Assert.Contains("Self: ", reasons);
        Assert.Contains("ExpiredAdmin: ", reasons);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ARCHIVE-5")]
    public async Task The_reason_named_is_the_most_fundamental(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(
            kind,
            postgres,
            given =>
            {
                given.Person(Kind.SiteAdmin, "A", "Archived Site Admin").Status = ProfileStatus.Archived;
                given.Person(Kind.SiteAdmin, "B", "Cancelled Site Admin").Status = ProfileStatus.Cancelled;
                given.Person(Kind.SiteAdmin, "C", "Site Admin and Admin").Role = ProfileRole.Admin;
            }
        );

        var planned = await stage.Pipeline.Preview(stage.Given.Admin, Action, Everybody);

        // Nobody could administer the workspace if all of these went; but nobody of them goes.
        Assert.Equal(
            [
                "Archived Site Admin: already-archived",
                "Cancelled Site Admin: cancelled",
                "Self: yourself",
                "Site Admin and Admin: higher-role",
            ],
            await Reasons(stage, planned)
        );
        Assert.Equal(0, planned.WillChange);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("ARCHIVE-6")]
    [Rule("SET-2")]
    [Rule("ORDER-1")]
    public async Task Every_Admin_selected_leaves_the_first_in_the_order_of_the_list_or_file(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, Admins, ("FirstChunk", 1), ("LargestChunk", 1));
        var given = stage.Given;
        var byFile = given.All.Reverse().Select(p => p.Email).ToList();

        var listed = await stage.Pipeline.Preview(given.CommandLine, Action, Everybody);
        var filed = await stage.Pipeline.Preview(given.CommandLine, Action, new("{}", new() { Emails = byFile }));

        Assert.Equal("Anton", await Left(stage, listed));
        Assert.Equal("Zoe", await Left(stage, filed));
        filed = await stage.Pipeline.Run(given.CommandLine, filed);
        Assert.Equal((3, 1), (filed.Changed, filed.Skipped));
        await using var db = stage.Database.Open(given.Workspace);
        Assert.Equal(["Zoe"], await db.Profiles.Where(p => p.Status == ProfileStatus.Active).Select(p => p.LastName).ToListAsync());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("EXPIRED-2")]
    public async Task An_Admin_who_stays_keeps_the_others_from_being_the_last_but_an_Expired_or_Archived_one_does_not(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, Admins);
        var given = stage.Given;
        var (anton, zoe) = (given.All.Single(p => p.LastName == "Anton"), given.All.Single(p => p.LastName == "Zoe"));
        var others = new Plan("{}", new() { Users = [.. given.All.Where(p => p != zoe).Select(p => p.Id)] });
        Task Zoe(ProfileStatus status, DateOnly? last) =>
            stage.ByHand(db =>
                db.Profiles.Where(p => p.Id == zoe.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, status).SetProperty(p => p.ExpiresOn, last))
            );
        async Task<string?> LeftNow() => await Left(stage, await stage.Pipeline.Preview(given.CommandLine, Action, others));

        Assert.Null(await LeftNow());
        await Zoe(ProfileStatus.Active, given.Today);
        Assert.Null(await LeftNow());
        await Zoe(ProfileStatus.Active, given.Today.AddDays(-1));
        Assert.Equal(anton.LastName, await LeftNow());
        await Zoe(ProfileStatus.Archived, null);
        Assert.Equal(anton.LastName, await LeftNow());
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("SET-3")]
    public async Task Two_operations_that_take_an_Admin_each_leave_one(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Person(Kind.Admin, "Z", "Zoe"));
        var (given, pipeline) = (stage.Given, stage.Pipeline);
        Task<Operation> Of(Profile person) => pipeline.Preview(given.CommandLine, Action, new("{}", new() { Users = [person.Id] }));
        var (first, second) = (await Of(given.Self), await Of(given.All[^1]));
        Assert.Equal((1, 1), (first.WillChange, second.WillChange));

        await pipeline.Confirm(given.CommandLine, first);
        await pipeline.Confirm(given.CommandLine, second);
        await pipeline.Settle();

        var items = (await pipeline.Items(first)).Concat(await pipeline.Items(second)).ToList();
        Assert.Equal([(Outcome.Changed, null), (Outcome.Skipped, "last-admin")], items.Select(i => (i.Outcome, i.OutcomeReason)).Order());
        await stage.AssertTotals(first);
        await stage.AssertTotals(second);
    }

    private static void Admins(Given given)
    {
        given.Person(Kind.Admin, "Z", "Zoe");
        given.Person(Kind.Admin, "A", "Anton");
        given.Person(Kind.ExpiredAdmin, "A", "Aaa");
    }

    /// <summary>The last name of whoever stays as the last Admin.</summary>
    private static async Task<string?> Left(Stage stage, Operation operation)
    {
        var left = (await stage.Pipeline.Items(operation)).SingleOrDefault(i => i.Reason == "last-admin");
        return left is null ? null : stage.Given.All.Single(p => p.Id == left.ProfileId).LastName;
    }

    private Task<Stage> OneOfEach(DatabaseKind kind) =>
        Stage.Set(
            kind,
            postgres,
            given =>
            {
                foreach (var each in Enum.GetValues<Kind>())
                {
                    given.Person(each, last: $"{each}");
                }
            }
        );

    /// <summary>"Last name: reason" of each item, in order; items that were changed have none.</summary>
    private static async Task<IReadOnlyList<string>> Reasons(Stage stage, Operation operation)
    {
        var names = stage.Given.All.ToDictionary(p => p.Id, p => p.LastName);
        var items = await stage.Pipeline.Items(operation);
        Assert.All(items, i => Assert.Equal(i.Reason is null, i.Verdict == Verdict.WillChange));
        return [.. items.Select(i => $"{names[i.ProfileId]}: {i.Reason ?? i.OutcomeReason}")];
    }
}
