using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Files;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>What an invitation file may look like, and what each wrong cell gets.</summary>
public sealed class InviteUsersFileTests(PostgresServer postgres)
{
    private const string Action = "invite-users";

    private static readonly string[] Columns =
    [
        "Email",
        "First name",
        "Last name",
        "Role",
        "Organisation unit",
        "Groups",
        "Manages",
        "Expiry date",
        "Staff number",
        "Hours",
        "Start",
        "Fire warden",
        "Site",
    ];

    private static readonly (string Column, object Value, string Code, string Right, string? Role)[] Wrong =
    [
        ("Email", "", "bad-email", "missing", null),
        ("Email", "no-at-sign", "bad-email", "has no @", null),
        ("Email", "two@example.net, three@example.net", "bad-email", "one address per row", null),
        ("Email", "two@example.net; three@example.net", "bad-email", "one address per row", null),
        ("Email", "ann@intranet", "bad-email", "no dot", null),
        ("Email", "user.@example.net", "bad-email", "dots", null),
        ("Email", "a b@example.net", "bad-email", "space", null),
        ("Email", "x@-bad.example", "bad-email", "not a mail domain", null),
        ("Email", "x@example.123", "bad-email", "ends in a number", null),
        ("Email", "ann＠example.net", "bad-email", "ordinary @", null),
        ("Email", "a@b@example.net", "bad-email", "more than one @", null),
        ("Email", InvitationFile.ErrorCell, "bad-email", "error #N/A", null),
        ("Email", InvitationFile.UnsavedFormula, "bad-email", "formula", null),
        ("First name", "", "bad-name", "missing", null),
        ("First name", new string('x', 101), "bad-name", "at most 100", null),
        ("First name", InvitationFile.ErrorCell, "bad-name", "error #N/A", null),
        ("Last name", "   ", "bad-name", "missing", null),
        ("Last name", new string('y', 150), "bad-name", "150 characters", null),
        ("Last name", InvitationFile.UnsavedFormula, "bad-name", "formula", null),
        ("Role", "Boss", "unknown-role", "write Learner, Manager or Admin", null),
        ("Role", "Site Admin", "role-above", "write Learner, Manager or Admin", null),
        ("Role", InvitationFile.ErrorCell, "unknown-role", "error #N/A", null),
        ("Organisation unit", "Sales / Nroth", "unknown-unit", "did you mean “Sales / North”?", null),
        ("Organisation unit", "North", "unknown-unit", "did you mean “Sales / North”?", null),
        ("Organisation unit", "Quite elsewhere", "unknown-unit", "existing organisation unit", null),
        ("Groups", "Crwe", "unknown-group", "did you mean “Crew”?", null),
        ("Groups", "Crew; Something else entirely", "unknown-group", "“Something else entirely”", null),
        ("Manages", "Sales / Sorth", "unknown-managed-unit", "did you mean “Sales / North”?", "Manager"),
        ("Manages", "Sales", "not-a-manager", "write Manager there", null),
        ("Expiry date", "31/02/2027", "bad-date", "has 28 days", null),
        ("Expiry date", "03/04/2027", "bad-date", "can mean", null),
        ("Expiry date", "soon", "bad-date", "like 2026-11-23", null),
        ("Expiry date", "2020-01-01", "date-in-the-past", "from 2026-05-04 on", null),
        ("Expiry date", 12.5, "bad-date", "format the cell as a date", null),
        ("Staff number", "", "missing-field", "“Staff number” is required", null),
        ("Staff number", new string('7', 501), "bad-field", "at most 500", null),
        ("Hours", "1,234", "bad-field", "without separators", null),
        ("Hours", "many", "bad-field", "write digits", null),
        ("Start", "31.11.2026", "bad-field", "has 30 days", null),
        ("Fire warden", "perhaps", "bad-field", "write yes or no", null),
        ("Site", "Paris", "bad-field", "one of: London, Leeds", null),
    ];

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITE-3")]
    [Rule("INVITE-9")]
    public async Task In_a_thousand_rows_each_wrong_cell_is_named_with_its_address_and_what_would_be_right(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());
        await InvitationFile.GiveFields(stage);
        var file = new InvitationFile(Columns);
        var expected = new Dictionary<int, (string Code, string Cell, string Right)>();
        foreach (var i in Enumerable.Range(0, 1000))
        {
            if (i % 50 == 7)
            {
                file.Skip(3);
            }

            var row = Good(i);
            if (i % 24 == 5 && expected.Count < Wrong.Length)
            {
                var (column, value, code, right, role) = Wrong[expected.Count];
                row[column] = value;
                row["Role"] = column == "Role" ? value : role ?? "";
                expected[file.Next] = (code, file.AddressOf(column, file.Next), right);
            }

            file.Add(row);
        }

        Assert.Equal(Wrong.Length, expected.Count);
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, Action, file.Plan());

        Assert.Equal(
            (1000, 1000 - Wrong.Length, Wrong.Length, 0),
            (operation.Selected, operation.WillChange, operation.Problems, operation.Skipped)
        );
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var named = await db.OperationRows.AsNoTracking().Where(r => r.OperationId == operation.Id && r.Problems != null).ToListAsync();
        Assert.Equal(expected.Keys.Order(), named.Select(r => r.RowNumber).Order());
        foreach (var row in named)
        {
            var problem = Assert.Single(Json.Read<List<RowProblem>>(row.Problems!));
            var (code, cell, right) = expected[row.RowNumber];
            Assert.Equal((code, cell), (problem.Code, problem.Cell));
            Assert.Contains(right, problem.Text, StringComparison.Ordinal);
        }

        operation = await stage.Pipeline.Run(stage.Given.Admin, operation);
        Assert.Equal(1000 - Wrong.Length, operation.Changed);
        Assert.Equal(operation.Changed, await db.Outbox.LongCountAsync(m => m.OperationId == operation.Id));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITE-1")]
    [Rule("INVITE-5")]
    public async Task Stray_spaces_capitals_accents_and_typed_dates_are_forgiven(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());
        await InvitationFile.GiveFields(stage);
        var file = new InvitationFile(
            "  LAST NAME ",
            "firstname*",
            "E-Mail",
            "organisation UNIT",
            "GROUPS",
            "Expires",
            "staff number",
            "Hours",
            "Start",
            "Fire warden",
            "SITE",
            "role"
        );
        file.Add(
            new Dictionary<string, object>
            {
                ["E-Mail"] = "  Zoë Ann <Zoe.Ann@EXAMPLE.net> ",
                ["firstname*"] = " Zoe\u0308   Ann ",
                ["  LAST NAME "] = "O\u2019Neill,  \u00A0Jr.",
                ["organisation UNIT"] = " sales/NORTH ",
                ["GROUPS"] = "crew ;  ; CHOIR; Crew",
                ["Expires"] = new DateOnly(2027, 1, 31),
                ["staff number"] = "'=1+1",
                ["Hours"] = 37.5,
                ["Start"] = "1 June 2026",
                ["Fire warden"] = "Y",
                ["SITE"] = "leeds",
                ["role"] = "LEARNER",
            }
        );

        var operation = await stage.Pipeline.Run(stage.Given.Admin, await stage.Pipeline.Preview(stage.Given.Admin, Action, file.Plan()));

        Assert.Equal(1, operation.Changed);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var person = await db.Profiles.SingleAsync(p => p.OperationId == operation.Id);
        Assert.Equal(("Zoe.Ann@example.net", "zoe.ann@example.net"), (person.Email, person.EmailKey));
        Assert.Equal(("Zo\u00EB Ann", "O\u2019Neill, Jr."), (person.FirstName, person.LastName));
        Assert.Equal("Sales / North", (await db.Units.SingleAsync(u => u.Id == person.UnitId)).Path);
        Assert.Equal(new DateOnly(2027, 1, 31), person.ExpiresOn);
        var groups = await db.Memberships.Where(m => m.ProfileId == person.Id).Select(m => m.GroupId).ToListAsync();
        Assert.Equal(new[] { stage.Given.Crew.Id, stage.Given.Choir.Id }.Order(), groups.Order());
        var values = await db.FieldValues.Where(v => v.ProfileId == person.Id).OrderBy(v => v.FieldId).ToListAsync();
        Assert.Equal(
            [
                ("=1+1", null, null, null),
                (null, 37.5m, null, null),
                (null, null, new DateOnly(2026, 6, 1), null),
                (null, null, null, true),
                ("Leeds", null, null, null),
            ],
            values.Select(v => (v.Text, v.Number, v.Date, v.YesNo))
        );
    }

    [Theory]
    [InlineData("Email,First name\r\na@example.net,Ann", "Last name")]
    [InlineData("Email,First name,Last name,e-mail\r\na@example.net,Ann,Lee,b@example.net", "D1")]
    [InlineData("Email,First name,Last name\r\na@example.net,Ann,Lee", "Staff number")]
    public async Task A_file_without_a_needed_column_or_with_one_twice_is_refused_as_a_whole(string text, string named)
    {
        await using var stage = await Stage.Set(DatabaseKind.Sqlite, postgres, given => given.Catalogue());
        await InvitationFile.GiveFields(stage);
        var operation = await stage.Pipeline.Begin(stage.Given.Admin, Action, InvitationFile.Csv(text));

        await stage.Pipeline.Settle();

        operation = await stage.Pipeline.Read(operation);
        Assert.Equal(OperationStatus.Failed, operation.Status);
        Assert.Contains(named, operation.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITE-6")]
    public async Task Unknown_columns_are_named_in_a_warning_and_the_problem_column_of_a_returned_file_is_not(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());

        var operation = await stage.Pipeline.Preview(
            stage.Given.Admin,
            Action,
            InvitationFile.Csv("Email,First name,Shoe size,Last name,Problem", "a@example.net,Ann,44,Lee,mend this")
        );

        var warning = Assert.Single(Json.Read<List<string>>(operation.Warnings!));
        Assert.Contains("“Shoe size”", warning, StringComparison.Ordinal);
        Assert.Contains("C1", warning, StringComparison.Ordinal);
        Assert.Equal(1, operation.WillChange);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITE-4")]
    public async Task Of_rows_that_name_the_same_person_the_first_valid_one_wins(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());

        var operation = await stage.Pipeline.Preview(
            stage.Given.Admin,
            Action,
            InvitationFile.Csv(
                "Email,First name,Last name",
                "a@example.net,,Wrong",
                "A@Example.NET,Second,Good",
                "a@example.net,Third,Late"
            )
        );

        var items = await stage.Pipeline.Items(operation);
        Assert.Equal(["bad-name", null, "duplicate-row"], items.Select(i => i.Reason));
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var twice = await db.OperationRows.SingleAsync(r => r.OperationId == operation.Id && r.Ordinal == 3);
        Assert.Contains("row 3", twice.Problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    [Rule("INVITE-7")]
    public async Task The_template_is_read_back_without_a_warning(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());
        await InvitationFile.GiveFields(stage);
        await using var db = stage.Database.Open(stage.Given.Workspace);
        using var file = new MemoryStream();
        async IAsyncEnumerable<TemplateRow> Rows()
        {
            await Task.CompletedTask;
            yield return new([
                .. new[] { "ann@example.net", "Ann", "Lee", "Manager", "Sales", "Crew; Choir", "Sales / North" }.Select(TableCell.Of),
                TableCell.Of(new DateOnly(2027, 1, 31)),
                TableCell.Of("007"),
            ]);
        }

        await InvitationTemplate.Write(db, stage.Given.Workspace, file, Rows(), CancellationToken.None);
        var operation = await stage.Pipeline.Preview(stage.Given.Admin, Action, new("{}", new() { File = true }, file.ToArray()));

        Assert.Equal((1, "[]"), (operation.WillChange, operation.Warnings));
        var columns = await InvitationTemplate.Columns(db, stage.Given.Workspace, CancellationToken.None);
        Assert.Equal(Columns, columns.Select(c => c.Title));
        Assert.Equal(["Sales", "Sales / North"], columns.Single(c => c.Title == "Organisation unit").Choices);
        Assert.Equal(["London", "Leeds"], columns.Single(c => c.Title == "Site").Choices);
        Assert.Equal(["Email", "First name", "Last name", "Staff number"], columns.Where(c => c.Required).Select(c => c.Title));
    }

    private static Dictionary<string, object> Good(int i) =>
        new()
        {
            ["Email"] = i % 3 == 0 ? $"  Person.{i}@Example.NET " : $"person.{i}@example.net",
            ["First name"] = i % 4 == 0 ? "  Ünï  code " : "Ann",
            ["Last name"] = $"O\"Neill {i}",
            ["Organisation unit"] = i % 5 == 0 ? "" : "sales /north",
            ["Groups"] = i % 2 == 0 ? "Crew; Night" : "",
            ["Expiry date"] = i % 7 == 0 ? new DateOnly(2027, 1, 31) : "",
            ["Staff number"] = $"00{i}",
            ["Hours"] = 37.5,
            ["Start"] = "2026-06-01",
            ["Fire warden"] = i % 2 == 0 ? "yes" : "no",
            ["Site"] = "London",
        };
}
