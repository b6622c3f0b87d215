using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.Learning;
using Muster.People;

namespace Muster.Api;

/// <summary>What changes a user: only the members that are sent; null takes unit, expiry date or a field's value away.</summary>
/// <param name="FirstName">Not empty.</param>
/// <param name="LastName">Not empty.</param>
/// <param name="Role">Not above the caller's.</param>
/// <param name="Manages">Ids of all units a Manager manages.</param>
/// <param name="Unit">Id of the organisation unit.</param>
/// <param name="Groups">Ids of all groups.</param>
/// <param name="ExpiresOn">Last day of access.</param>
/// <param name="Fields">Custom field values by the field's name.</param>
public sealed record EditUser(
    string? FirstName,
    string? LastName,
    ProfileRole? Role,
    IReadOnlyList<long>? Manages,
    long? Unit,
    IReadOnlyList<long>? Groups,
    DateOnly? ExpiresOn,
    IReadOnlyDictionary<string, JsonElement>? Fields
);

/// <summary>The user after the change, or as they are when it was a preview; and the courses that auto-enrolment rules lead to.</summary>
public sealed record EditedUserJson(bool Saved, UserJson User, IReadOnlyList<CourseAhead> Courses);

/// <summary><c>PATCH /api/v1/workspaces/{ws}/users/{id}</c>.</summary>
internal static class UserEditsApi
{
    public static void MapUserEdits(this RouteGroupBuilder workspace) =>
        workspace
            .MapPatch("/users/{id:long}", Edit)
            .Accepts<EditUser>("application/json")
            .WithTags("Users")
            .WithSummary("Changes a user, and enrols them by the rules of new groups and unit; with preview=true it only says in what.");

    private static async Task<Ok<EditedUserJson>> Edit(
        long id,
        [AsParameters] WorkspaceCall call,
        UserEdits edits,
        TimeProvider clock,
        bool preview = false
    )
    {
        var person = await Find(call.Db, call.WorkspaceId, id, call.Ct);
        var (body, text) = await RequestBody.Read<EditUser>(call.Request, call.Ct);
        var was = await PersonDetails.Of(call.Db, person, call.Ct);
        var fields = await InvitationColumns.Fields(call.Db, call.WorkspaceId, call.Ct);
        var wanted = was with
        {
            FirstName = body.FirstName ?? was.FirstName,
            LastName = body.LastName ?? was.LastName,
            Role = body.Role ?? was.Role,
            Manages = body.Manages ?? was.Manages,
            Unit = Sends(text, "unit") ? body.Unit : was.Unit,
            Groups = body.Groups ?? was.Groups,
            ExpiresOn = Sends(text, "expiresOn") ? body.ExpiresOn : was.ExpiresOn,
            Fields = Values(was, fields, body.Fields ?? new Dictionary<string, JsonElement>()),
        };
        var result = await edits.Save(call.Caller, id, was, wanted, _ => !preview, call.Ct) ?? throw Missing(id);
        var today = clock.Today(call.Current.Workspace.TimeZone);
        var now = await Find(call.Db, call.WorkspaceId, id, call.Ct);
        var user = (await UserReading.Details(call.Db, call.WorkspaceId, [now], today, call.Ct))[0];
        return TypedResults.Ok(new EditedUserJson(result.IsSaved, user, result.Courses));
    }

    private static async Task<Profile> Find(MusterDb db, long workspaceId, long id, CancellationToken ct) =>
        await db.Profiles.AsNoTracking().SingleOrDefaultAsync(p => p.WorkspaceId == workspaceId && p.Id == id, ct) ?? throw Missing(id);

    private static MissingException Missing(long id) => new($"There is no user {id} in this workspace.");

    /// <summary>Whether a member is there, be it with null.</summary>
    private static bool Sends(string text, string member)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.EnumerateObject().Any(sent => sent.Name.Equals(member, StringComparison.OrdinalIgnoreCase));
    }

    private static Dictionary<long, string> Values(
        PersonDetails was,
        IReadOnlyList<CustomField> fields,
        IReadOnlyDictionary<string, JsonElement> sent
    )
    {
        var values = was.Fields.ToDictionary();
        foreach (var (name, value) in sent)
        {
            var key = Names.Fold(name.Trim());
            var field =
                fields.FirstOrDefault(field => field.NameKey == key)
                ?? throw new ParametersException("fields", $"There is no custom field “{name}” in this workspace.");
            values[field.Id] = value.ValueKind switch
            {
                JsonValueKind.Null => "",
                JsonValueKind.String => Text(name, value),
                JsonValueKind.True => "yes",
                JsonValueKind.False => "no",
                JsonValueKind.Number => value.GetRawText(),
                _ => throw new ParametersException("fields", $"The value of “{name}” is a text, a number, true, false or null."),
            };
        }

        return values;
    }

    private static string Text(string name, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which no text can hold.
            throw new ParametersException("fields", $"The value of “{name}” holds a character that is no text.");
        }
    }
}
