using System.Data.Common;
using Muster.Data;

namespace Muster.Cli;

/// <summary>What a supervisor or load balancer asks.</summary>
internal static class Health
{
    /// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: the database is reachable and of this version.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => "ok").AllowAnonymous();
        app.MapGet("/readyz", Ready).AllowAnonymous();
    }

    private static async Task<IResult> Ready(Databases databases, CancellationToken ct)
    {
        try
        {
            await using var db = databases.Open(0);
            return await Schema.IsCurrent(db, ct) ? Results.Text("ok") : NotReady("The database is of another version.");
        }
        catch (Exception trouble) when (trouble is DbException or TimeoutException or InvalidOperationException)
        {
            return NotReady("The database cannot be reached.");
        }
    }

    private static IResult NotReady(string why) => Results.Text(why, statusCode: StatusCodes.Status503ServiceUnavailable);
}
