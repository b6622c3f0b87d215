using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Muster.Bulk;

namespace Muster.Api;

/// <summary>An entry of the audit log.</summary>
/// <param name="Id">Counts up in each workspace.</param>
/// <param name="At">When, in UTC.</param>
/// <param name="Event">What was done, such as <c>profile.edited</c>.</param>
/// <param name="Account">Whose account did it; absent for a token, the command line and Muster itself.</param>
/// <param name="Token">The API token that did it.</param>
/// <param name="Address">From where.</param>
/// <param name="Operation">The operation it is about.</param>
/// <param name="User">Whom it is about.</param>
/// <param name="Details">Ids and numbers, as a JSON object in a text.</param>
public sealed record AuditJson(
    long Id,
    DateTime At,
    string Event,
    NamedJson? Account,
    NamedJson? Token,
    string? Address,
    long? Operation,
    NamedJson? User,
    string? Details
);

/// <summary>A page of the audit log, newest first; the next one begins before <paramref name="Next"/>, which is absent on the last.</summary>
public sealed record AuditPageJson(IReadOnlyList<AuditJson> Entries, long? Next);

/// <summary><c>GET /api/v1/workspaces/{ws}/audit</c>.</summary>
internal static class AuditApi
{
    public static void MapAudit(this RouteGroupBuilder workspace) =>
        workspace
            .MapGet("/audit", List)
            .WithTags("Audit")
            .WithSummary("Who changed what, newest first; event, user and operation narrow it down.");

    private static async Task<Ok<AuditPageJson>> List(
        [AsParameters] WorkspaceCall call,
        string? @event = null,
        long? user = null,
        long? operation = null,
        long? before = null
    )
    {
        var limit = QueryWords.Limit(call.Request.Query["limit"]);
        var lines = await AuditLog.Page(
            call.Db,
            call.WorkspaceId,
            new(QueryWords.Text(@event, "event"), user, operation),
            before,
            limit + 1,
            call.Ct
        );
        var entries = lines.Take(limit).Select(Of).ToList();
        return TypedResults.Ok(new AuditPageJson(entries, lines.Count > limit ? entries[^1].Id : null));
    }

    private static AuditJson Of(AuditLine line) =>
        new(
            line.Entry.Id,
            line.Entry.At,
            line.Entry.Event,
            Named(line.Entry.AccountId, line.Account),
            Named(line.Entry.TokenId, line.Token),
            line.Entry.Address,
            line.Entry.OperationId,
            Named(line.Entry.ProfileId, line.Person),
            line.Entry.Details
        );

    private static NamedJson? Named(long? id, string? name) =>
        id is { } known ? new(known, name ?? known.ToString(CultureInfo.InvariantCulture)) : null;
}
