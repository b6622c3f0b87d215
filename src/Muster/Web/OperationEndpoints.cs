using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;

namespace Muster.Web;

/// <summary>What an operation's page asks for beside pages: live progress, and the buttons that move it.</summary>
public static class OperationEndpoints
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    /// <summary>How long somebody who lost access may still watch.</summary>
    private static readonly TimeSpan AccessCheck = TimeSpan.FromSeconds(4);

    /// <summary>Maps the endpoints.</summary>
    public static void MapOperations(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var operation = app.MapGroup("/w/{ws:long}/operations/{id:long}").RequireAuthorization(Policies.WorkspaceManager);
        operation.MapGet("/events", Events);
        operation.MapGet("/progress", Progress);
        operation
            .MapPost("/{move:regex(^(pause|resume|cancel|approve|undo|retry)$)}", Move)
            .WithMetadata(new RequireAntiforgeryTokenAttribute());
    }

    private static async Task<IResult> Progress(long id, Here here, MusterDb db, TimeProvider clock, CancellationToken ct) =>
        await Read(db, here.Actor, id, ct) is { } operation ? Results.Ok(LiveProgress.Of(operation, clock)) : Results.NotFound();

    private static async Task<IResult> Events(
        long id,
        Here here,
        Databases databases,
        MusterDb db,
        TimeProvider clock,
        IHostApplicationLifetime lifetime,
        CancellationToken ct
    ) =>
        await Read(db, here.Actor, id, ct) is null
            ? Results.NotFound()
            : TypedResults.ServerSentEvents(Watch(id, here, databases, clock, lifetime.ApplicationStopping, ct));

    private static async IAsyncEnumerable<LiveProgress> Watch(
        long id,
        Here here,
        Databases databases,
        TimeProvider clock,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var (workspaceId, accountId) = (here.Id, here.Actor.AccountId ?? 0);
        var reader = here.Actor;
        var lookedAt = clock.GetTimestamp();
        using var timer = new PeriodicTimer(Beat, clock);
        do
        {
            await using var db = databases.Open(workspaceId);
            if (clock.GetElapsedTime(lookedAt) > AccessCheck)
            {
                lookedAt = clock.GetTimestamp();
                reader = await Actors.Person(db, workspaceId, accountId, here.Today, ct);
            }

            if (await Read(db, reader, id, ct) is not { } operation)
            {
                yield break;
            }

            yield return LiveProgress.Of(operation, clock);
            if (operation.Status is OperationStatus.Completed or OperationStatus.Cancelled or OperationStatus.Failed)
            {
                yield break;
            }

            // A server that is to stop waits for nobody who watches: the browser asks again, here or on another node.
        } while (!stopping.IsCancellationRequested && await timer.WaitForNextTickAsync(ct));
    }

    private static async Task<IResult> Move(
        long id,
        string move,
        HttpContext context,
        Here here,
        Operations operations,
        Confirmations confirmations,
        ActionCatalog catalog,
        MusterDb db,
        Flash flash,
        CancellationToken ct
    )
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false })
        {
            return Results.BadRequest();
        }

        if (await Read(db, here.Actor, id, ct) is not { } operation)
        {
            return Results.NotFound();
        }

        try
        {
            switch (move)
            {
                case "pause":
                    await operations.Pause(here.Requester, id, ct);
                    break;
                case "resume":
                    await operations.Resume(here.Requester, id, ct);
                    break;
                case "cancel":
                    await operations.Cancel(here.Requester, id, ct);
                    break;
                case "approve":
                    await confirmations.Approve(here.Requester, id, ct);
                    break;
                case "retry":
                    var action = catalog.Get(operation.Action);
                    id = (await operations.Retry(here.Requester, operation, action, context.Idempotency(here, $"retry {id}"), ct)).Id;
                    break;
                default:
                    id = (await operations.Undo(here.Requester, id, context.Idempotency(here, $"undo {id}"), ct)).Id;
                    break;
            }
        }
        catch (ConflictException refused)
        {
            flash.Say(refused.Message, "bad");
        }
        catch (UnauthorizedAccessException)
        {
            // Begun as an Admin, who is one no longer.
            return Results.Forbid();
        }

        return Results.LocalRedirect($"{here.Root}/operations/{id}");
    }

    private static Task<Operation?> Read(MusterDb db, Actor reader, long id, CancellationToken ct) =>
        db.Operations.AsNoTracking().VisibleTo(reader).SingleOrDefaultAsync(o => o.WorkspaceId == reader.WorkspaceId && o.Id == id, ct);
}
