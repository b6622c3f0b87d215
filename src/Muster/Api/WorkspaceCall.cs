using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;

namespace Muster.Api;

/// <summary>What every request in a workspace needs, and the same few steps of those about operations.</summary>
internal sealed record WorkspaceCall(
    HttpRequest Request,
    CurrentActor Current,
    MusterDb Db,
    Operations Operations,
    Confirmations Confirmations,
    OperationViews Views,
    CancellationToken Ct
)
{
    public long WorkspaceId => Current.Workspace.Id;

    public string Address => $"/api/v1/workspaces/{WorkspaceId}";

    public Requester Caller => new(Current.Actor, OperationSource.Api, Current.Address);

    /// <summary>The request's idempotency key, bound to the caller, the address and the body; null when none is sent.</summary>
    public Idempotency? Idempotency(string body)
    {
        const int longest = 100;
        var key = Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > longest)
        {
            throw new BadHttpRequestException($"An idempotency key may have {longest} characters at most.");
        }

        return key.Length == 0 ? null : new($"token:{Current.Actor.TokenId}:{key}", $"{Request.Method} {Request.Path}\n{body}");
    }

    /// <exception cref="MissingException">The workspace has no such operation.</exception>
    public async Task<Operation> Find(long id) =>
        await Db.Operations.AsNoTracking().SingleOrDefaultAsync(o => o.WorkspaceId == WorkspaceId && o.Id == id, Ct) ?? throw Missing(id);

    public async Task<Ok<OperationJson>> Answer(long id) => TypedResults.Ok(await Read(id));

    public async Task<Created<OperationJson>> Created(long id) => TypedResults.Created($"{Address}/operations/{id}", await Read(id));

    private async Task<OperationJson> Read(long id) => OperationJson.Of(await Views.Get(Db, Current.Actor, id, Ct) ?? throw Missing(id));

    private static MissingException Missing(long id) => new($"There is no operation {id} in this workspace.");
}
