using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>Custom fields made, changed and deleted by hand.</summary>
public sealed class FieldEditsTests(PostgresServer postgres)
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Fields_keep_their_order_their_kind_and_the_values_of_choices_that_are_gone(DatabaseKind kind)
    {
        await using var database = await TestDatabase.Create(kind, postgres);
        var given = new Given(database, Given.NewClock());
        var people = given.People(3);
        await given.Save();
        var badge = await Save(given, null, new("  Badge  number", FieldKind.Text, false, null, null));
        var colour = await Save(given, null, new("Colour", FieldKind.Choice, true, ["Red", " ", "Blue "], null));
        var start = await Save(given, null, new("Start", FieldKind.Date, false, null, 1));
        Assert.Equal(["Start", "Badge number", "Colour"], await Names(given));
        foreach (var (person, text) in people.Zip(["Red", "Red", "Blue"]))
        {
            given.Value(
                person,
                new()
                {
                    Id = colour,
                    Name = "",
                    NameKey = "",
                },
                text
            );
        }

        await given.Save();
        await Save(given, colour, new("Color", null, false, ["Blue", "Green"], 2));
        Assert.Equal(["Start", "Color", "Badge number"], await Names(given));
        await using var db = given.Database.Open(given.Workspace);
        var field = await db.Fields.AsNoTracking().SingleAsync(f => f.Id == colour, Ct);
        Assert.Equal((FieldKind.Choice, "Blue\nGreen", "color"), (field.Kind, field.Choices, field.NameKey));
        var use = await FieldEdits.Use(db, field, Ct);
        Assert.Equal(3, use.Values);
        Assert.Equal([new FormerChoice("Red", 2)], use.Former);

        var expected = await Assert.ThrowsAsync<ConflictException>(() => Edits(given).Delete(given.Admin, colour, 2, Ct));
        Assert.Contains("3", expected.Message, StringComparison.Ordinal);
        Assert.Equal(3, await db.FieldValues.CountAsync(Ct));
        Assert.True(await Edits(given).Delete(given.Admin, colour, 3, Ct));
        Assert.Equal((0, 2), (await db.FieldValues.CountAsync(Ct), await db.Fields.CountAsync(Ct)));
        Assert.False(await Edits(given).Delete(given.Admin, colour, 0, Ct));
        Assert.Equal("kind", await Wrong(given, start, new("Start", FieldKind.Number, false, null, null)));
        Assert.NotEqual(badge, start);
    }

    [Theory]
    [InlineData("", "name")]
    [InlineData("Email", "name")]
    [InlineData("organisation UNIT", "name")]
    [InlineData("staffnumber", "name")]
    [InlineData("STAFF NUMBER", "name")]
    public async Task A_name_that_a_file_could_not_tell_from_another_column_is_refused(string name, string field)
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Sqlite, postgres);
        var given = new Given(database, Given.NewClock());
        given.Field("Staff number", FieldKind.Text, 0);
        await given.Save();

        Assert.Equal(field, await Wrong(given, null, new(name, FieldKind.Text, false, null, null)));
    }

    [Fact]
    public async Task A_choice_needs_choices_and_each_of_them_once()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Sqlite, postgres);
        var given = new Given(database, Given.NewClock());
        await given.Save();

        Assert.Equal("choices", await Wrong(given, null, new("Colour", FieldKind.Choice, false, [" "], null)));
        Assert.Equal("choices", await Wrong(given, null, new("Colour", FieldKind.Choice, false, ["Red", "RED"], null)));
        Assert.Equal("choices", await Wrong(given, null, new("Colour", FieldKind.Choice, false, [new string('x', 101)], null)));
    }

    [Fact]
    public async Task A_value_that_somebody_types_at_the_same_moment_is_not_lost_with_its_field()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Postgres, postgres);
        var given = new Given(database, Given.NewClock());
        var person = given.Person(Kind.Active, "Ann", "Old");
        await given.Save();
        var badge = await Save(given, null, new("Badge", FieldKind.Text, false, null, null));
        await using var other = given.Database.Open(given.Workspace);
        await using var typing = await other.Database.BeginTransactionAsync(Ct);
        await other.TakeTurn(given.Workspace, Ct);
        other.FieldValues.Add(
            new()
            {
                WorkspaceId = given.Workspace,
                ProfileId = person.Id,
                FieldId = badge,
                Text = "7",
            }
        );
        await other.SaveChangesAsync(Ct);

        var deleting = Edits(given).Delete(given.Admin, badge, 0, Ct);
        await Task.Delay(500, Ct);
        await typing.CommitAsync(Ct);

        Assert.Contains("1, not 0", (await Assert.ThrowsAsync<ConflictException>(() => deleting)).Message, StringComparison.Ordinal);
    }

    private static FieldEdits Edits(Given given) => new(new(() => given.Database.Open(0)), given.Clock);

    private static async Task<long> Save(Given given, long? id, FieldDetails details) =>
        (await Edits(given).Save(given.Admin, id, details, Ct))!.Value;

    private static async Task<string> Wrong(Given given, long? id, FieldDetails details) =>
        Assert.Single((await Assert.ThrowsAsync<ParametersException>(() => Save(given, id, details))).Errors).Key;

    private static async Task<List<string>> Names(Given given)
    {
        await using var db = given.Database.Open(given.Workspace);
        return await db.Fields.OrderBy(f => f.Position).Select(f => f.Name).ToListAsync(Ct);
    }
}
