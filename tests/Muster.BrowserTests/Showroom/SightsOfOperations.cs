namespace Muster.BrowserTests;

/// <summary>Bulk operations, from choosing the action to what was undone.</summary>
public static partial class Sights
{
    private const string OperationRoute = "/w/{ws:long}/operations/{id:long}";

    private static IEnumerable<Sight> Operations()
    {
        yield return Of("preview-problems", "1/operations/{invite}", "Rows with problems are left out");
        yield return Of("preview-filtered", "1/operations/{invite}?verdict=problem", "Show everybody");
        yield return Of("preview-mend", "1/operations/{invite}?verdict=problem&mend=4", "Save row");
        yield return Of("preview-effects", "1/operations/{add}", "even those who");
        yield return Of("preview-many", "1/operations/{archive}", "· Everybody");
        yield return Of("preview-nobody", "1/operations/{nobody}", "Nobody would be changed");
        yield return Of("preview-parameters", "1/operations/{add}?step=parameters", "Everybody who matches: role Learner, status Active");
        yield return Of("confirm", "1/operations/{add}?search=abdullahi&confirm", "Update users");
        yield return Of("confirm-count", "1/operations/{archive}?search=abdullahi&confirm", "to confirm");
        yield return Of("confirm-wrong", "1/operations/{archive}?search=abdullahi&confirm", "Type the number of users") with
        {
            Clicks = ["dialog button.danger"],
        };
        yield return Of("draft-parameters", "1/operations/{draft}", "Everybody is added to each group you tick");
        yield return Of("draft-wrong", "1/operations/{draft}", "your attention") with
        {
            Clicks = ["main form button.primary"],
        };
        yield return Of("draft-file", "1/operations/{file}", "Upload and preview");
        yield return Of("draft-bad-file", "1/operations/{bad file}", "The preview could not be made");
        yield return Of("draft-nobody", "1/operations/{abandoned}", "Now say which users");
        yield return Of("draft-course", "1/operations/{with course}", "Chosen: Dementia awareness");
        yield return Of("previewing", "2/operations/{previewing}", "Making the preview");
        yield return Of("queued", "2/operations/{queued}", "Waiting for its turn");
        yield return Of("running", "2/operations/{running}", "Working");
        yield return Of("paused", "2/operations/{paused}", "Go on");
        yield return Of("waits-for-its-time", "1/operations/{later}", "Scheduled");
        yield return Of("waits-for-approval", "1/operations/{for approval}", "Approve");
        yield return Of("preview-again", "1/operations/{looked at again}", "It did not run at its time");
        yield return new("schedules", "/w/{ws:long}/schedules", "/w/1/schedules", Reader.Admin, "Every Monday at 06:00");
        yield return new("schedules-none", "/w/{ws:long}/schedules", "/w/{empty}/schedules", Reader.Admin, "No schedules yet");
        yield return new("schedule-what", "/w/{ws:long}/schedules/new", "/w/1/schedules/new", Reader.Admin, "What is to be repeated?");
        yield return new("schedule-new", "/w/{ws:long}/schedules/new", "/w/1/schedules/new?operation={add}", Reader.Admin, "Save schedule");
        yield return new("schedule", "/w/{ws:long}/schedules/{id:long}", "/w/1/schedules/{schedule}", Reader.Admin, "Next time");
        yield return Of("summary", "1/operations/{added}", "Finished");
        yield return Of("summary-failures", "1/operations/{failures}", "failed");
        yield return Of("summary-filtered", "1/operations/{failures}?outcome=failed", "Show everybody");
        yield return Of("summary-mail", "1/operations/{invited people}", "Kept in the outbox");
        yield return Of("summary-cancelled", "2/operations/{cancelled run}", "Cancelled");
        yield return Of("summary-stopped", "2/operations/{stopped}", "Stopped by an error");
        yield return Of("summary-thrown-away", "1/operations/{thrown away}", "Thrown away");
        yield return Of("summary-undone", "1/operations/{undone}", "Undone by");
        yield return Of("summary-menu", "1/operations/{added}", "Use these users") with
        {
            Clicks = ["#use-menu-button"],
            ByScript = true,
        };
        yield return Of("undo-preview", "1/operations/{undo preview}", "Undo: Add users to group");
        yield return Of("undo-summary", "1/operations/{undo}", "Undo of");
        yield return new("operations", "/w/{ws:long}/operations", "/w/1/operations", Reader.Admin, "Every bulk action");
        yield return new("operations-none", "/w/{ws:long}/operations", "/w/{empty}/operations", Reader.Admin, "No operations yet");
        yield return new("bulk", "/w/{ws:long}/bulk", "/w/1/bulk", Reader.Admin, "Change many users at once");
        yield return new("bulk-none", "/w/{ws:long}/bulk", "/w/1/bulk?none=true", Reader.Admin, "Choose an action first");
        yield return Select("select", "add-users-to-group", "Paste e-mail addresses");
        yield return Select("select-wrong", "add-users-to-group", "Paste at least one e-mail address") with
        {
            Clicks = ["section:has(#from-paste) button"],
        };
        yield return Select("select-file", "invite-users", "Download template");
    }

    private static Sight Of(string name, string operation, string says) => new(name, OperationRoute, $"/w/{operation}", Reader.Admin, says);

    private static Sight Select(string name, string action, string says) =>
        new(name, "/w/{ws:long}/bulk/{key}", $"/w/1/bulk/{action}", Reader.Admin, says);
}
