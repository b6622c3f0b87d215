using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>A row put right in the preview is read as if it had come so; its number, and everything about the other rows, stays.</summary>
public sealed class MendedRowsTests(PostgresServer postgres)
{
    private const string Invite = "invite-users";
    private const string Add = "add-users-to-group";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_mended_row_is_judged_and_run_like_one_that_came_right(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue(), ("FirstChunk", 2), ("LargestChunk", 2));
        var plan = InvitationFile.Csv(
            "Email,First name,Last name,Groups",
            "ann@example.org,Ann,One,Crew",
            "ben.example.org,Ben,Two,Crew",
            "cat@example.org,Cat,Three,Crow",
            "dan@example.org,Dan,Four,"
        );
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, Invite, plan);
        Assert.Equal((2, 2), (operation.WillChange, operation.Problems));

        operation = await Mend(stage, operation, 2, "ben@example.org", "Ben", "Two", "Crew");
        Assert.Equal((3, 1), (operation.WillChange, operation.Problems));
        operation = await Mend(stage, operation, 3, "cat@example.org", "Cat", "Three", "Crew; Choir");

        Assert.Equal((4, 4, 0), (operation.Selected, operation.WillChange, operation.Problems));
        await stage.AssertTotals(operation);
        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);
        Assert.Equal(4, operation.Changed);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        Assert.Equal(
            [2, 3, 4, 5],
            await db.OperationRows.Where(r => r.OperationId == operation.Id).OrderBy(r => r.Ordinal).Select(r => r.RowNumber).ToListAsync()
        );
        Assert.Equal(2, await db.Memberships.CountAsync(m => db.Profiles.Any(p => p.Id == m.ProfileId && p.Email == "cat@example.org")));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_row_that_is_still_wrong_says_what_is_wrong_now(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());
        var operation = await stage.Pipeline.Preview(
            stage.Given.Admin,
            Invite,
            InvitationFile.Csv("Email,First name,Last name,Role", "ann,Ann,One,")
        );

        operation = await Mend(stage, operation, 1, "ann@example.org", "", "One", "Boss");

        await using var db = stage.Database.Open(stage.Given.Workspace);
        var row = await db.OperationRows.SingleAsync(r => r.OperationId == operation.Id);
        Assert.Equal(["B2", "D2"], Json.Read<List<RowProblem>>(row.Problems!).Select(p => p.Cell));
        Assert.Equal(1, operation.Problems);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, true)]
    [InlineData(DatabaseKind.Postgres, true)]
    [InlineData(DatabaseKind.Sqlite, false)]
    [InlineData(DatabaseKind.Postgres, false)]
    public async Task Addresses_of_a_file_or_pasted_list_are_mended_and_the_first_valid_one_wins(DatabaseKind kind, bool asFile)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var (pipeline, given) = (stage.Pipeline, stage.Given);
        var (one, other) = (given.All[0].Email, given.All[1].Email);
        string[] lines = ["no address", "unknown@example.org", one];
        var groups = $"{{\"groups\":[{given.Choir.Id}]}}";
        var plan = asFile
            ? InvitationFile.Csv(["Note,Email", .. lines.Select(line => $"x,{line}")]) with
            {
                Parameters = groups,
            }
            : new Plan(groups, new() { Emails = lines });
        var operation = await pipeline.Preview(given.Admin, Add, plan);
        Assert.Equal(["bad-email", "not-found", null], (await pipeline.Items(operation)).Select(i => i.Reason));

        string[] Row(string email) => asFile ? ["x", email] : [email];
        operation = await Mend(stage, operation, 1, Row(one.ToUpperInvariant()));
        Assert.Equal([null, "not-found", "duplicate-row"], (await pipeline.Items(operation)).Select(i => i.Reason));
        operation = await Mend(stage, operation, 2, Row(other));
        Assert.Equal([null, null, "duplicate-row"], (await pipeline.Items(operation)).Select(i => i.Reason));
        operation = await Mend(stage, operation, 1, Row("still nothing"));

        Assert.Equal(["bad-email", null, null], (await pipeline.Items(operation)).Select(i => i.Reason));
        await stage.AssertTotals(operation);
        Assert.Equal(2, (await pipeline.Run(given.Admin, operation)).Changed);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Cells_that_nobody_touched_stay_what_they_were_and_unticked_rows_stay_unticked(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());
        var file = new InvitationFile("Email", "First name", "Last name", "Expiry date");
        var day = new DateOnly(2027, 3, 4);
        file.Skip(2);
        file.Add(
            new Dictionary<string, object>
            {
                ["Email"] = "ann",
                ["First name"] = "Ann",
                ["Last name"] = "One",
                ["Expiry date"] = day,
            }
        );
        file.Add(
            new Dictionary<string, object>
            {
                ["Email"] = "ben@example.org",
                ["First name"] = "Ben",
                ["Last name"] = "Two",
            }
        );
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, Invite, file.Plan());
        await stage.Pipeline.Edits.Untick(stage.Given.Admin, operation.Id, [2], CancellationToken.None);
        await stage.Pipeline.Settle();
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var shown = Json.Read<List<string>>(
            (await db.OperationRows.AsNoTracking().SingleAsync(r => r.OperationId == operation.Id && r.Ordinal == 1)).Cells
        );

        operation = await Mend(stage, operation, 1, "ann@example.org", "Ann", "One", shown[3]);

        Assert.Equal((1, 1, 0), (operation.WillChange, operation.Skipped, operation.Problems));
        var row = await db.InvitationRows.SingleAsync(r => r.OperationId == operation.Id && r.Ordinal == 1);
        Assert.Equal(day, row.ExpiresOn);
        Assert.Equal(
            4,
            await db.OperationRows.Where(r => r.OperationId == operation.Id && r.Ordinal == 1).Select(r => r.RowNumber).SingleAsync()
        );
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Another_file_has_nothing_mended_and_what_does_not_fit_changes_nothing(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());
        var (edits, admin) = (stage.Pipeline.Edits, stage.Given.Admin);
        var plan = InvitationFile.Csv("Email,First name,Last name", "ann,Ann,One");
        var operation = await stage.Pipeline.Preview(admin, Invite, plan);
        var list = await stage.Pipeline.Preview(admin, "archive-profiles", new("{}", new() { Filter = new() }));
        var before = await stage.Dump();

        await Assert.ThrowsAsync<ParametersException>(() =>
            edits.Mend(admin, operation.Id, 2, ["a@example.org", "A", "B"], CancellationToken.None)
        );
        await Assert.ThrowsAsync<ParametersException>(() => edits.Mend(admin, operation.Id, 1, ["a@example.org"], CancellationToken.None));
        await Assert.ThrowsAsync<ConflictException>(() => edits.Mend(admin, list.Id, 1, ["a@example.org"], CancellationToken.None));
        Assert.Equal("", Dump.Difference(before, await stage.Dump()));

        operation = await Mend(stage, operation, 1, "ann@example.org", "Ann", "One");
        Assert.Equal(0, operation.Problems);
        await stage.Pipeline.Operations.PutFile(admin, operation.Id, "again.csv", plan.File!, CancellationToken.None);
        await stage.Pipeline.Settle();
        Assert.Equal(1, (await stage.Pipeline.Read(operation)).Problems);
    }

    private static async Task<Operation> Mend(Stage stage, Operation operation, long ordinal, params string[] cells)
    {
        await stage.Pipeline.Edits.Mend(stage.Given.Admin, operation.Id, ordinal, cells, CancellationToken.None);
        await stage.Pipeline.Settle();
        return await stage.Pipeline.Read(operation);
    }
}
