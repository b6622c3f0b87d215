using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
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
    IOptions<JsonOptions> Json,
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

    private async Task<Created<OperationJson>> Created(long id) => TypedResults.Created($"{Address}/operations/{id}", await Read(id));

    /// <summary>The operation that a request with an idempotency key has led to: the same request again has the same answer, whatever has become of it since.</summary>
    public async Task<IResult> Answer(long id, Idempotency? key, bool isNew = false)
    {
        if (key is null)
        {
            return isNew ? await Created(id) : await Answer(id);
        }

        var json = await IdempotentRequests.FirstAnswer(
            Db,
            WorkspaceId,
            key,
            async () => JsonSerializer.Serialize(await Read(id), Json.Value.SerializerOptions),
            Ct
        );
        if (isNew)
        {
            Request.HttpContext.Response.Headers.Location = $"{Address}/operations/{id}";
        }

        return TypedResults.Text(json, "application/json", Encoding.UTF8, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private async Task<OperationJson> Read(long id) => OperationJson.Of(await Views.Get(Db, Current.Actor, id, Ct) ?? throw Missing(id));

    private static MissingException Missing(long id) => new($"There is no operation {id} in this workspace.");
}
