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
    }
}
