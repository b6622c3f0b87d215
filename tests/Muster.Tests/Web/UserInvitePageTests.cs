using System.Net;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;
using Xunit;

namespace Muster.Tests;

/// <summary>One person invited from a form: the same operation as a file makes.</summary>
public sealed class UserInvitePageTests(PostgresServer postgres)
{
    private const string Boss = "boss@example.com";

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task What_the_form_says_is_previewed_confirmed_and_true(DatabaseKind kind)
    {
        await using var site = await TestSite.Start(kind, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        await using var db = site.Open();
        var groups = new[] { await JoiningRulesTests.AddGroup(db, "Crew, deck"), await JoiningRulesTests.AddGroup(db, "=Choir") };
        var field = await AddField(db, "Badge");
        using var visitor = await site.SignedIn(Boss);

        var begun = await visitor.Send(
            "/w/1/users/invite",
            "save",
            ("email", "new@example.com"),
            ("firstName", "=Ann \"Annie\""),
            ("lastName", "O'Neil, Jr"),
            ("role", "Manager"),
            ("groups", $"{groups[0]}"),
            ("groups", $"{groups[1]}"),
            ("expiresOn", "2031-01-31"),
            ($"field-{field}", "@blue")
        );
        Assert.Equal(HttpStatusCode.Redirect, begun.Status);
        Assert.Equal(0, await db.Profiles.CountAsync(p => p.EmailKey == "new@example.com"));
        await Until(db, OperationStatus.Previewed);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.Send(begun.Location + "?confirm", "confirm")).Status);
        await Until(db, OperationStatus.Completed);

        var person = await db.Profiles.AsNoTracking().SingleAsync(p => p.EmailKey == "new@example.com");
        var details = await PersonDetails.Of(db, person, CancellationToken.None);
        Assert.Equal(("=Ann \"Annie\"", "O'Neil, Jr", ProfileRole.Manager), (details.FirstName, details.LastName, details.Role));
        Assert.Equal((ProfileStatus.Invited, new DateOnly(2031, 1, 31)), (person.Status, details.ExpiresOn!.Value));
        Assert.Equal(groups.Order(), details.Groups);
        Assert.Equal("@blue", details.Fields[field]);
    }

    [Fact]
    public async Task What_is_missing_is_said_beside_its_field_and_no_operation_is_begun()
    {
        await using var site = await TestSite.Start(DatabaseKind.Sqlite, postgres);
        await site.AddPerson(Boss, ProfileRole.Admin);
        await using var db = site.Open();
        var field = await AddField(db, "Badge", isRequired: true);
        using var visitor = await site.SignedIn(Boss);

        var wrong = await visitor.Send("/w/1/users/invite", "save", ("email", "nobody"), ("firstName", "Ann"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal(
            ["email-error", $"field-{field}-error", "lastName-error"],
            wrong.Page.QuerySelectorAll(".field-error").Select(error => error.Id).Order(StringComparer.Ordinal)
        );
        Assert.Equal(0, await db.Operations.CountAsync());
    }

    private static async Task<long> AddField(MusterDb db, string name, bool isRequired = false)
    {
        var id = await db.Reserve(1, 1, CancellationToken.None);
        db.Fields.Add(
            new()
            {
                WorkspaceId = 1,
                Id = id,
                Name = name,
                NameKey = Names.Fold(name),
                IsRequired = isRequired,
            }
        );
        await db.SaveChangesAsync();
        return id;
    }

    private static async Task Until(MusterDb db, OperationStatus status)
    {
        for (var i = 0; i < 1200; i++)
        {
            if ((await db.Operations.AsNoTracking().SingleAsync()).Status == status)
            {
                return;
            }

            await Task.Delay(25);
        }

        throw new TimeoutException($"The operation does not become {status}");
    }
}
