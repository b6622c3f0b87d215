using System.Text;

namespace Muster.Tests;

/// <summary>A right body for each address of the REST interface that takes one, so that nothing is refused merely for its body.</summary>
internal static class Bodies
{
    private static int made;

    /// <param name="address">Which; one that is not known here fails the test until somebody adds it.</param>
    /// <param name="named">Whose rows a body names.</param>
    public static HttpContent? Of(Address address, Tenant named)
    {
        var name = $"Made {Interlocked.Increment(ref made)}";
        var users = $$"""{"users":[{{named.Others[5].Id}}]}""";
        return $"{address.Method} {address.Route}" switch
        {
            "POST /operations" => Json($$"""{"action":"archive-profiles","selection":{{users}}}"""),
            "PATCH /operations/{id:long}" => Json($$"""{"selection":{{users}}}"""),
            "PUT /operations/{id:long}/file" => new StringContent("Email\nsomebody@example.org\n", Encoding.UTF8, "text/csv"),
            "POST /operations/{id:long}/confirm"
            or "POST /operations/{id:long}/cancel"
            or "POST /operations/{id:long}/pause"
            or "POST /operations/{id:long}/resume"
            or "POST /operations/{id:long}/undo"
            or "POST /operations/{id:long}/retry"
            or "POST /rules/{id:long}/run" => null,
            "POST /operations/{id:long}/untick" or "POST /operations/{id:long}/tick" => Json("""{"ordinals":[1]}"""),
            "POST /operations/{id:long}/mend" => Json("""{"ordinal":2,"cells":["somebody@example.org"]}"""),
            "POST /groups" or "PUT /groups/{id:long}" or "POST /units" or "PUT /units/{id:long}" => Json($$"""{"name":"{{name}}"}"""),
            "PATCH /users/{id:long}" => Json($$"""{"lastName":"{{name}}","unit":{{named.Unit.Id}}}"""),
            "POST /units/{id:long}/move" => Json("{}"),
            "DELETE /units/{id:long}" or "DELETE /fields/{id:long}" or "DELETE /tokens/{id:long}" or "DELETE /schedules/{id:long}" => null,
            "POST /schedules" => Json(
                $$"""{"name":"{{name}}","action":"archive-profiles","selection":{"filter":{} },"cron":"0 6 * * *","largestRun":5}"""
            ),
            "PUT /schedules/{id:long}" => Json($$"""{"name":"{{name}}","cron":"0 6 * * *","largestRun":5,"isActive":false}"""),
            "POST /fields" or "PUT /fields/{id:long}" or "POST /tokens" => Json($$"""{"name":"{{name}}"}"""),
            "PATCH /settings" => Json("""{"invitationDays":31}"""),
            "POST /courses" or "PUT /courses/{id:long}" => Json($$"""{"title":"{{name}}","isOpen":true}"""),
            "POST /rules" or "PUT /rules/{id:long}" => Json(
                $$"""{"name":"{{name}}","isActive":true,"targetKind":"groups","targets":[{{named.Group.Id}}],"courses":[{{named.Course.Id}}]}"""
            ),
            var unknown => throw new InvalidOperationException($"Say here what a right body of '{unknown}' is."),
        };
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
