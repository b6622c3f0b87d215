using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;

namespace Muster.BrowserTests;

/// <summary>Operations in every state, asked for over the API. Those that must stand still are in a workspace that another node seems to hold.</summary>
public sealed partial class Showroom
{
    private const string Sheet = """
        Email,First name,Last name,Organisation unit,Groups
        ada.first@invited.example,Ada,First,Operations / North Region,Fire wardens
        bo.second@invited.example,Bo,Second,,
        not-an-address,Cy,Third,,
        di.fourth@invited.example,Di,Fourth,Operations / Nrth Region,Firewalkers
        ada.first@invited.example,Ada,Again,,
        admin@example.org,Site,Admin,,
        """;

    private async Task MakeOperations()
    {
        await using var db = Open(Northwind);
        var groups = await db.Groups.OrderBy(g => g.NameKey).ToDictionaryAsync(g => g.Name, g => g.Id);
        var tall = long.Parse(places["tall"], System.Globalization.CultureInfo.InvariantCulture);
        var learners = new { filter = new { role = "learner", status = new[] { "active" } } };
        object Into(params string[] names) => new { groups = names.Select(name => groups[name]) };
        async Task<long[]> Some(int skip, int take) =>
            [
                tall,
                .. await db
                    .Profiles.Where(p => p.WorkspaceId == Northwind)
                    .OrderBy(p => p.Id)
                    .Skip(skip)
                    .Take(take)
                    .Select(p => p.Id)
                    .ToListAsync(),
            ];

        using var api = await Client(Northwind);
        await Previewed(api, "add", "add-users-to-group", Into("Fire wardens", "Night shift"), learners);
        await Previewed(api, "archive", "archive-profiles", new { }, new { filter = new { } });
        await Previewed(api, "nobody", "archive-profiles", new { }, new { filter = new { status = new[] { "archived" } } });
        await Previewed(api, "undo of", "add-users-to-group", Into("Volunteers"), new { users = await Some(20, 12) });
        await Previewed(api, "undone", "add-users-to-group", Into("Kitchen staff"), new { users = await Some(40, 12) });
        await Previewed(api, "added", "add-users-to-group", Into("Drivers", "Fire wardens"), new { users = await Some(60, 40) });
        await Previewed(api, "failures", "add-users-to-group", Into("Apprentices"), new { users = await Some(120, 15) });
        await Previewed(api, "thrown away", "archive-profiles", new { }, new { users = await Some(0, 2) });
        await Previewed(api, "invite", "invite-users", new { }, new { file = true }, Sheet);
        await Previewed(api, "invited people", "invite-users", new { }, new { file = true }, string.Join('\n', Sheet.Split('\n')[..3]));
        await Begin(api, "draft", "add-users-to-group", null, new { users = await Some(0, 3) });
        await Begin(api, "file", "invite-users", new { }, new { file = true });
        await Begin(api, "abandoned", "archive-profiles", new { }, null);
        var course = long.Parse(places["course"], CultureInfo.InvariantCulture);
        await Begin(api, "with course", "withdraw-from-course", new { courses = new[] { course } }, null);
        await Begin(api, "bad file", "invite-users", new { }, new { file = true });
        await Put(api, "bad file", "Colour,Size\nred,12\n");
        await Until(api, "bad file", OperationStatus.Failed);

        await Finish(api, "undone");
        await Undo(api, "undone", "undo");
        await Finish(api, "undo");
        await Finish(api, "undo of");
        await Undo(api, "undo of", "undo preview");
        await Finish(api, "added");
        await Finish(api, "invited people");
        await Move(api, "thrown away", "cancel");
        await db.Database.ExecuteSqlAsync(
            $"CREATE TRIGGER refuse BEFORE INSERT ON memberships WHEN NEW.profile_id % 3 = 0 BEGIN SELECT RAISE(ABORT, 'Refused for the showroom'); END"
        );
        await Finish(api, "failures");
        await db.Database.ExecuteSqlAsync($"DROP TRIGGER refuse");
        await Previewed(api, "later", "add-users-to-group", Into("Volunteers"), new { users = await Some(140, 9) });
        await Confirm(api, "later", Now.AddDays(100));
        await Previewed(api, "looked at again", "add-users-to-group", Into("Volunteers"), new { users = await Some(150, 9) });
        var again = Id("looked at again");
        await db
            .Operations.Where(o => o.Id == again)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(o => o.Review, "Of the 40 users who were to change, 12 have come to stand differently.")
            );
        await db
            .Workspaces.Where(w => w.Id == Northwind)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.ApprovalFrom, "{\"add-users-to-group\":1}"));
        await Previewed(api, "for approval", "add-users-to-group", Into("Volunteers"), new { users = await Some(160, 9) });
        await Confirm(api, "for approval");
        // Other operations in this workspace ask for none.
        await db.Workspaces.Where(w => w.Id == Northwind).ExecuteUpdateAsync(set => set.SetProperty(w => w.ApprovalFrom, "{}"));
        using var schedule = await api.PostAsJsonAsync(
            Relative("schedules"),
            new
            {
                action = "resend-invitations",
                selection = new { filter = new { status = new[] { "invited" } } },
                name = "Remind who has not come yet",
                cron = "0 6 * * 1",
                largestRun = 50,
            }
        );
        places["schedule"] = $"{(await Body(schedule)).GetProperty("id").GetInt64()}";

        var message = await db.Outbox.FirstAsync();
        places["message"] = $"{message.OperationId}/{message.ProfileId}/{(int)message.Purpose}";
        await MakeStandingOperations();
        await MakeHeldMail();
    }

    /// <summary>What a restore leaves of e-mails that waited in the backup.</summary>
    private async Task MakeHeldMail()
    {
        await using var db = Open(Harbour);
        var people = await db.Profiles.Where(p => p.WorkspaceId == Harbour).OrderBy(p => p.Id).Take(12).Select(p => p.Id).ToListAsync();
        var operation = await db.Reserve(Harbour, 1, default);
        db.Outbox.AddRange(
            people.Select(
                (person, i) =>
                    new Mail.OutboxMessage
                    {
                        WorkspaceId = Harbour,
                        OperationId = operation,
                        ProfileId = person,
                        Purpose = i < 9 ? Mail.MessagePurpose.Invitation : Mail.MessagePurpose.Enrolment,
                        Status = Mail.MessageStatus.Held,
                        CreatedAt = Now,
                        DueAt = Now,
                    }
            )
        );
        await db.SaveChangesAsync();
    }

    private async Task MakeStandingOperations()
    {
        await using var db = Open(Harbour);
        using var api = await Client(Harbour);
        string[] standing = ["queued", "running", "paused", "cancelled", "stopped"];
        foreach (var place in standing)
        {
            // Every one of them is a destructive action on so many that the number is asked for.
            await Previewed(api, place == "cancelled" ? "cancelled run" : place, "archive-profiles", new { }, new { filter = new { } });
        }

        await Hold(Harbour);
        await Begin(api, "previewing", "archive-profiles", new { }, new { filter = new { } });
        foreach (var place in standing)
        {
            await Confirm(api, place == "cancelled" ? "cancelled run" : place);
        }

        foreach (var place in new[] { "running", "paused", "cancelled run", "stopped" })
        {
            await HalfWay(place);
        }

        await Move(api, "paused", "pause");
        await Move(api, "cancelled run", "cancel");
        var stopped = Id("stopped");
        await db
            .Operations.Where(o => o.Id == stopped)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(o => o.Status, OperationStatus.Failed)
                    .SetProperty(o => o.FinishedAt, Now)
                    .SetProperty(
                        o => o.Error,
                        "Stopped by trouble that is no user's fault: disk full. Resume it when that is mended; nothing is lost."
                    )
            );
    }

    /// <summary>What a runner that vanished would have left behind.</summary>
    private async Task HalfWay(string place)
    {
        await using var db = Open(Harbour);
        var id = Id(place);
        var items = db.OperationItems.Where(i => i.OperationId == id && i.Verdict == Verdict.WillChange);
        var half = await items.OrderBy(i => i.Ordinal).Select(i => i.Ordinal).Skip(20).FirstAsync();
        await items.Where(i => i.Ordinal <= half).ExecuteUpdateAsync(set => set.SetProperty(i => i.Outcome, Outcome.Changed));
        await db
            .Operations.Where(o => o.Id == id)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(o => o.Status, OperationStatus.Running)
                    .SetProperty(o => o.StartedAt, Now)
                    .SetProperty(o => o.Cursor, half)
                    .SetProperty(o => o.Changed, 21)
                    .SetProperty(o => o.ItemsChanged, 21)
            );
    }

    private async Task<HttpClient> Client(long workspace)
    {
        var answer = await Server.Run("token", "create", "--workspace", $"{workspace}", "--name", "Human resources, nightly import");
        var client = new HttpClient { BaseAddress = new(Server.Url, $"api/v1/workspaces/{workspace}/") };
        client.DefaultRequestHeaders.Authorization = new("Bearer", answer.OrThrow("token create").Output.Trim());
        return client;
    }

    private long Id(string place) => long.Parse(places[place], System.Globalization.CultureInfo.InvariantCulture);

    private async Task Begin(HttpClient api, string place, string action, object? parameters, object? selection)
    {
        using var made = await api.PostAsJsonAsync(
            Relative("operations"),
            new
            {
                action,
                parameters,
                selection,
            }
        );
        places[place] = $"{(await Body(made)).GetProperty("id").GetInt64()}";
    }

    private async Task Previewed(HttpClient api, string place, string action, object parameters, object selection, string? sheet = null)
    {
        await Begin(api, place, action, parameters, selection);
        if (sheet is not null)
        {
            await Put(api, place, sheet);
        }

        await Until(api, place, OperationStatus.Previewed);
    }

    private async Task Put(HttpClient api, string place, string sheet)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(sheet));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var put = await api.PutAsync(Relative($"operations/{Id(place)}/file?name=people.csv"), content);
        await Body(put);
    }

    private async Task Confirm(HttpClient api, string place, DateTime? runAt = null)
    {
        var body = await Read(api, place);
        using var answer = await api.PostAsJsonAsync(
            Relative($"operations/{Id(place)}/confirm"),
            new { expectedChanges = body.GetProperty("counts").GetProperty("willChange").GetInt64(), runAt }
        );
        await Body(answer);
    }

    private async Task Finish(HttpClient api, string place)
    {
        await Confirm(api, place);
        await Until(api, place, OperationStatus.Completed);
    }

    private async Task Undo(HttpClient api, string original, string place)
    {
        using var answer = await api.PostAsync(Relative($"operations/{Id(original)}/undo"), null);
        places[place] = $"{(await Body(answer)).GetProperty("id").GetInt64()}";
        await Until(api, place, OperationStatus.Previewed);
    }

    private async Task Move(HttpClient api, string place, string move)
    {
        using var answer = await api.PostAsync(Relative($"operations/{Id(place)}/{move}"), null);
        await Body(answer);
    }

    private async Task<JsonElement> Read(HttpClient api, string place)
    {
        using var answer = await api.GetAsync(Relative($"operations/{Id(place)}"));
        return await Body(answer);
    }

    private async Task Until(HttpClient api, string place, OperationStatus status)
    {
        for (var tries = 0; ; tries++)
        {
            var now = (await Read(api, place)).GetProperty("status").GetString();
            if (string.Equals(now, status.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return;
            }

            if (tries > 600)
            {
                throw new TimeoutException($"The operation \"{place}\" is {now}, not {status}");
            }

            await Task.Delay(100);
        }
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private static async Task<JsonElement> Body(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri} answered {answer.StatusCode}: {text}");
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
