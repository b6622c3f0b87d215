using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>Names that files write paths and lists with.</summary>
public sealed class NameRulesTests(PostgresServer postgres)
{
    [Theory]
    [InlineData("Night\0Day")]
    [InlineData("Night\nDay")]
    public void A_name_is_one_line_of_text(string name)
    {
        var refused = Assert.Throws<ParametersException>(() => NameRules.Check("name", name, "group"));
        Assert.Equal("A name is one line of text.", Assert.Single(refused.Errors["name"]));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "Night/Day")]
    [InlineData(DatabaseKind.Sqlite, "Night; Day")]
    [InlineData(DatabaseKind.Postgres, "Night/Day")]
    [InlineData(DatabaseKind.Postgres, "Night; Day")]
    [Rule("FILE-2")]
    public async Task A_unit_or_group_whose_name_holds_a_slash_or_semicolon_is_refused(DatabaseKind kind, string name)
    {
        await using var stage = await Stage.Set(kind, postgres, given => given.Catalogue());
        var (admin, databases, clock) = (stage.Given.Admin, stage.Database.Databases, stage.Given.Clock);
        var (groups, units) = (new GroupEdits(databases, clock), new UnitEdits(databases, clock));
        var (crew, sales, ct) = (stage.Given.Crew.Id, stage.Given.Units[0].Id, CancellationToken.None);

        foreach (
            var edit in new Func<Task>[]
            {
                () => groups.Save(admin, null, name, ct),
                () => groups.Save(admin, crew, name, ct),
                () => units.Add(admin, name, null, ct),
                () => units.Rename(admin, sales, name, ct),
            }
        )
        {
            var refused = await Assert.ThrowsAsync<ParametersException>(edit);
            Assert.Contains("neither / nor ;", Assert.Single(refused.Errors["name"]), StringComparison.Ordinal);
        }

        await using var db = stage.Database.Open(stage.Given.Workspace);
        Assert.False(await db.Groups.AnyAsync(g => g.Name == name) || await db.Units.AnyAsync(u => u.Name == name));
    }
}
