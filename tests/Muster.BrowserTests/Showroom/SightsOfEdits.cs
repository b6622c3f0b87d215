namespace Muster.BrowserTests;

/// <summary>The pages on which an administrator changes people by hand.</summary>
public static partial class Sights
{
    private static IEnumerable<Sight> Edits()
    {
        const string edit = "/w/{ws:long}/users/{id:long}/edit";
        yield return new("user-edit", edit, "/w/1/users/{person}/edit", Reader.Admin, "Save user");
        yield return new("user-edit-manager", edit, "/w/1/users/{manager}/edit", Reader.Admin, "with all units below");
        yield return new("user-edit-wrong", edit, "/w/1/users/{archived}/edit", Reader.Admin, "reactivate it before you change it")
        {
            Clicks = [Submit],
        };
        yield return new("user-invite", "/w/{ws:long}/users/invite", "/w/1/users/invite", Reader.Admin, "Preview invitation");
        yield return new("user-invite-wrong", "/w/{ws:long}/users/invite", "/w/1/users/invite", Reader.Admin, "your attention")
        {
            Clicks = [Submit],
        };
        const string unit = "/w/{ws:long}/units/{id:long}";
        yield return new("unit-delete-wrong", unit, "/w/1/units/{unit}", Reader.Admin, "is not empty")
        {
            Clicks = ["section:has(#delete-title) button"],
        };
        const string field = "/w/{ws:long}/settings/fields/{id:long}";
        const string newField = "/w/{ws:long}/settings/fields/new";
        const string tokens = "/w/{ws:long}/settings/tokens";
        yield return new("settings", "/w/{ws:long}/settings", "/w/1/settings", Reader.Admin, "Save settings");
        yield return new("fields", "/w/{ws:long}/settings/fields", "/w/1/settings/fields", Reader.Admin, "Contract");
        yield return new("fields-none", "/w/{ws:long}/settings/fields", "/w/{empty}/settings/fields", Reader.Admin, "No custom fields yet");
        yield return new("field-new", newField, "/w/1/settings/fields/new", Reader.Admin, "Save field");
        yield return new("field-wrong", newField, "/w/1/settings/fields/new", Reader.Admin, "your attention") { Clicks = [Submit] };
        yield return new("field", field, "/w/1/settings/fields/{field}", Reader.Admin, "One a line");
        yield return new("field-delete", field, "/w/1/settings/fields/{field}?delete", Reader.Admin, "These values are lost");
        yield return new("tokens", tokens, "/w/1/settings/tokens", Reader.Admin, "Make token");
        yield return new("tokens-wrong", tokens, "/w/1/settings/tokens", Reader.Admin, "your attention")
        {
            Clicks = ["section:has(#new-title) button.primary"],
        };
        yield return new("audit", "/w/{ws:long}/audit", "/w/1/audit", Reader.Admin, "Operation confirmed");
        yield return new("audit-none", "/w/{ws:long}/audit", "/w/1/audit?person=nobody", Reader.Admin, "Nothing matches");
    }
}
