namespace Muster.BrowserTests;

/// <summary>Every page of the product in every state worth looking at. A test compares the routes with those of the program.</summary>
public static partial class Sights
{
    private const string Submit = "main form button.primary";
    private const string Nothing = "There is nothing here";

    private static readonly Dictionary<string, Sight> ByName = Operations()
        .Concat(People())
        .Concat(Edits())
        .Concat(Catalogue())
        .Concat(Site())
        .Concat(SignedOut())
        .ToDictionary(sight => sight.Name, StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<Sight> All => ByName.Values;

    /// <summary>One of them.</summary>
    public static Sight Named(string name) => ByName[name];

    /// <summary>Whether this is the sight that stands for its route where one look is enough.</summary>
    public static bool IsFirstOfRoute(Sight sight) => ByName.Values.First(other => other.Route == sight.Route) == sight;

    private static IEnumerable<Sight> SignedOut()
    {
        const string invitation = "/invitation/{Ws:long}/{Token}";
        yield return new("sign-in", "/sign-in", "/sign-in", Reader.SignedOut, "Password");
        yield return new("sign-in-wrong", "/sign-in", "/sign-in", Reader.SignedOut, "2 things need your attention") { Clicks = [Submit] };
        yield return new("invitation", invitation, "/invitation/1/{invited}", Reader.SignedOut, "You are invited as");
        yield return new("invitation-wrong", invitation, "/invitation/1/{invited}", Reader.SignedOut, "your attention")
        {
            Clicks = [Submit],
        };
        yield return new("invitation-has-account", invitation, "/invitation/1/{with account}", Reader.SignedOut, "already has an account");
        yield return new("invitation-own", invitation, "/invitation/1/{with account}", Reader.Homeless, "Accept invitation");
        yield return new("invitation-of-another", invitation, "/invitation/1/{with account}", Reader.Learner, "with another one");
        yield return Gone("invitation-expired", "lapsed", "It was valid until");
        yield return Gone("invitation-cancelled", "cancelled", "It was cancelled");
        yield return Gone("invitation-used", "used", "It was accepted already");
        yield return Gone("invitation-replaced", "replaced", "A newer e-mail has replaced it");
        yield return new("error", "/error", "/error", Reader.SignedOut, "Something went wrong");
        yield return new("not-found", "/not-found", "/not-found", Reader.SignedOut, Nothing);
        yield return new("refused-nothing", "/refused/{Code:int}", "/refused/404", Reader.SignedOut, Nothing) { Status = 404 };
        yield return new("refused-learner", "/refused/{Code:int}", "/w/1/users", Reader.Learner, "This page is for administrators")
        {
            Status = 403,
        };
        yield return new("refused-elsewhere", "/refused/{Code:int}", "/w/999/users", Reader.Learner, Nothing) { Status = 404 };
        yield return new("refused-unknown", "/refused/{Code:int}", "/w/1/operations/999999", Reader.Admin, Nothing) { Status = 404 };

        Sight Gone(string name, string what, string says) =>
            new(name, invitation, $"/invitation/1/{{{what}}}", Reader.SignedOut, says) { Status = 410 };
    }

    private static IEnumerable<Sight> People()
    {
        const string users = "/w/{ws:long}/users";
        yield return new("workspaces", "/", "/?choose=1", Reader.Admin, "Northwind Care");
        yield return new("workspaces-none", "/", "/", Reader.Homeless, "You are in no workspace");
        yield return new("home", "/w/{ws:long}", "/w/1", Reader.Admin, "Last operations");
        yield return new("home-manager", "/w/{ws:long}", "/w/1", Reader.Manager, "Open the users list");
        yield return new("home-empty", "/w/{ws:long}", "/w/{empty}", Reader.Admin, "No operations yet");
        yield return new("users", users, "/w/1/users", Reader.Admin, "Asha Abdullahi");
        yield return new("account-menu", users, "/w/1/users?search=abdullahi", Reader.Admin, "Sign out")
        {
            Clicks = ["#account-menu-button"],
            ByScript = true,
        };
        yield return new("navigation", users, "/w/1/users?search=abdullahi", Reader.Admin, "Auto-enrolments")
        {
            Clicks = ["[popovertarget=side]"],
            Width = 320,
            ByScript = true,
        };
        yield return new("users-manager", users, "/w/1/users", Reader.Manager, "Users");
        yield return new("users-ticked", users, "/w/1/users?search=abdullahi", Reader.Admin, "2 selected")
        {
            Clicks = ["tbody tr:nth-child(1) [name=ids]", "tbody tr:nth-child(3) [name=ids]"],
            ByScript = true,
        };
        yield return new("users-menu", users, "/w/1/users?search=abdullahi", Reader.Admin, "Archive profiles")
        {
            Clicks = ["#bulk-menu-button"],
            ByScript = true,
        };
        yield return new("users-row-menu", users, "/w/1/users?search=abdullahi&status=active", Reader.Admin, "Add users to group")
        {
            Clicks = ["tbody tr:nth-child(2) [data-row-menu]"],
            ByScript = true,
        };
        yield return new("users-units", users, "/w/1/users?search=a&unit={unit}", Reader.Admin, "Without the units below")
        {
            Clicks = ["#unit-button"],
            ByScript = true,
        };
        yield return new(
            "users-more-filters",
            users,
            "/w/1/users?course={course}&field={field}&registeredFrom=2020-01-01",
            Reader.Admin,
            "open attempt at"
        );
        yield return new("users-archived", users, "/w/1/users?status=archived", Reader.Admin, "Archived");
        yield return new("users-nobody", users, "/w/1/users?search=nobodyatall", Reader.Admin, "Nobody matches");
        yield return new("users-choose", users, "/w/1/users?for=archive-profiles&search=aa", Reader.Admin, "Choose users");
        yield return new("users-choose-narrowed", users, "/w/1/users?for=resend-invitations&search=aa", Reader.Admin, "Show everybody");
        const string leavers = "/w/1/users?for=withdraw-from-course&draft={with course}&search=aa";
        yield return new("users-choose-enrolled", users, leavers, Reader.Admin, "Only people with an open attempt at Dementia awareness");
        yield return new("user", "/w/{ws:long}/users/{id:long}", "/w/1/users/{person}", Reader.Admin, "Operations on this user");
        yield return new("user-new", "/w/{ws:long}/users/{id:long}", "/w/1/users/{newcomer}", Reader.Admin, "No enrolments");
        yield return new("user-manager", "/w/{ws:long}/users/{id:long}", "/w/1/users/{managed}", Reader.Manager, "Details");
        yield return new("groups", "/w/{ws:long}/groups", "/w/1/groups", Reader.Admin, "Fire wardens");
        yield return new("groups-none", "/w/{ws:long}/groups", "/w/{empty}/groups", Reader.Admin, "No groups yet");
        yield return new("group-new", "/w/{ws:long}/groups/new", "/w/1/groups/new", Reader.Admin, "Save group");
        yield return new("group-wrong", "/w/{ws:long}/groups/new", "/w/1/groups/new", Reader.Admin, "your attention") { Clicks = [Submit] };
        yield return new("group", "/w/{ws:long}/groups/{id:long}", "/w/1/groups/{group}", Reader.Admin, "View users");
        yield return new("units", "/w/{ws:long}/units", "/w/1/units", Reader.Admin, "Alder House");
        yield return new("units-none", "/w/{ws:long}/units", "/w/{empty}/units", Reader.Admin, "No units yet");
        yield return new("unit-new", "/w/{ws:long}/units/new", "/w/1/units/new", Reader.Admin, "Save unit");
        yield return new("unit-wrong", "/w/{ws:long}/units/new", "/w/1/units/new", Reader.Admin, "your attention") { Clicks = [Submit] };
        yield return new("unit", "/w/{ws:long}/units/{id:long}", "/w/1/units/{unit}", Reader.Admin, "View users");
        yield return new("my-profile", "/w/{ws:long}/my-profile", "/w/1/my-profile", Reader.Learner, "Present password");
        yield return new("my-profile-wrong", "/w/{ws:long}/my-profile", "/w/1/my-profile", Reader.Learner, "your attention")
        {
            Clicks = ["section:has(#password-title) button"],
        };
    }

    private static IEnumerable<Sight> Site()
    {
        const string workspace = "/site/workspaces/new";
        yield return new("site-workspaces", "/site/workspaces", "/site/workspaces", Reader.Admin, "Northwind Care");
        yield return new("site-workspace-new", workspace, workspace, Reader.Admin, "Time zone");
        yield return new("site-workspace-wrong", workspace, workspace, Reader.Admin, "your attention") { Clicks = [Submit] };
        yield return new("site-workspace", "/site/workspaces/{id:long}", "/site/workspaces/1", Reader.Admin, "Rename workspace");
        yield return new("site-admins", "/site/admins", "/site/admins", Reader.Admin, "This is you");
        yield return new("site-admins-wrong", "/site/admins", "/site/admins", Reader.Admin, "your attention") { Clicks = [Submit] };
    }

    private static IEnumerable<Sight> Catalogue()
    {
        const string course = "/w/{ws:long}/courses/new";
        const string rule = "/w/{ws:long}/rules/new";
        yield return new("courses", "/w/{ws:long}/courses", "/w/1/courses", Reader.Admin, "Dementia awareness");
        yield return new("courses-manager", "/w/{ws:long}/courses", "/w/1/courses", Reader.Manager, "Dementia awareness");
        yield return new("courses-none", "/w/{ws:long}/courses", "/w/{empty}/courses", Reader.Admin, "No courses yet");
        yield return new("course-new", course, "/w/1/courses/new", Reader.Admin, "Save course");
        yield return new("course-wrong", course, "/w/1/courses/new", Reader.Admin, "your attention") { Clicks = [Submit] };
        yield return new("course", "/w/{ws:long}/courses/{id:long}", "/w/1/courses/{course}", Reader.Admin, "External reference");
        yield return new(
            "course-status",
            "/w/{ws:long}/courses/{id:long}",
            "/w/1/courses/{course}?status=expired",
            Reader.Admin,
            "Expired"
        );
        yield return new("rules", "/w/{ws:long}/rules", "/w/1/rules", Reader.Admin, "Induction");
        yield return new("rules-none", "/w/{ws:long}/rules", "/w/{empty}/rules", Reader.Admin, "No auto-enrolments yet");
        yield return new("rule-new", rule, "/w/1/rules/new", Reader.Admin, "Save auto-enrolment");
        yield return new("rule-wrong", rule, "/w/1/rules/new", Reader.Admin, "your attention") { Clicks = [Submit] };
        yield return new("rule", "/w/{ws:long}/rules/{id:long}", "/w/1/rules/{rule}", Reader.Admin, "Enrols in");
        yield return new("rule-run", "/w/{ws:long}/rules/{id:long}/run", "/w/1/rules/{rule}/run", Reader.Admin, "are left alone");
        yield return new("my-courses", "/w/{ws:long}/my-courses", "/w/1/my-courses", Reader.Learner, "completed");
        yield return new("my-courses-none", "/w/{ws:long}/my-courses", "/w/{empty}/my-courses", Reader.Admin, "No courses yet");
        yield return new("outbox", "/w/{ws:long}/outbox", "/w/1/outbox", Reader.Admin, "No mail server is configured");
        const string letters = "/w/{ws:long}/settings/emails";
        yield return new("email-texts", letters, "/w/1/settings/emails", Reader.Admin, "Preview, with invented names");
        yield return new("email-texts-notice", letters, "/w/1/settings/emails?letter=enrolment", Reader.Admin, "Fire safety");
        yield return new("email-texts-approval", letters, "/w/1/settings/emails?letter=approval", Reader.Admin, "Bo Example");
        yield return new("outbox-refused", "/w/{ws:long}/outbox", "/w/1/outbox?status=failed", Reader.Admin, "No such messages");
        yield return new("outbox-held", "/w/{ws:long}/outbox", "/w/2/outbox", Reader.Admin, "12 messages are held");
        yield return new("outbox-release", "/w/{ws:long}/outbox", "/w/2/outbox?release=1", Reader.Admin, "9 invitations");
        yield return new("outbox-none", "/w/{ws:long}/outbox", "/w/{empty}/outbox", Reader.Admin, "No messages yet");
        yield return new(
            "outbox-message",
            "/w/{ws:long}/outbox/{operation:long}/{profile:long}/{purpose:int}",
            "/w/1/outbox/{message}",
            Reader.Admin,
            "About this message"
        );
    }
}
