using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.Mail;

namespace Muster.People;

/// <summary>Somebody who is sent an invitation.</summary>
/// <param name="ProfileId">The profile.</param>
/// <param name="SentBefore">E-mails of this invitation so far.</param>
internal sealed record Invitee(long ProfileId, int SentBefore);

/// <summary>Makes the tokens of a chunk's invitations and writes invitations and messages: the one part that a statement on the database cannot do.</summary>
internal static class InvitationLetters
{
    /// <summary>Writes an invitation and a message for each profile of a chunk, in list order. Nobody may have an invitation yet.</summary>
    public static async Task Write(OperationContext chunk, OutboxSecrets secrets, DateTime expiresAt, CancellationToken ct)
    {
        var people = await chunk.Items.OrderBy(item => item.Ordinal).Select(item => item.ProfileId).ToListAsync(ct);
        await Insert(chunk, people.ConvertAll(id => new Invitee(id, 0)), secrets, expiresAt, ct);
    }

    /// <summary>The same for people who may have one: it is replaced, and its link with it.</summary>
    public static async Task Renew(OperationContext chunk, OutboxSecrets secrets, DateTime expiresAt, CancellationToken ct)
    {
        var (db, workspaceId, people) = (chunk.Db, chunk.WorkspaceId, chunk.ProfileIds);
        var invitations = db.Invitations.Where(i => i.WorkspaceId == workspaceId && people.Contains(i.ProfileId));
        var sent = await invitations
            .Select(i => new { i.ProfileId, i.SentCount })
            .ToDictionaryAsync(i => i.ProfileId, i => i.SentCount, ct);
        var ids = await chunk.Items.OrderBy(item => item.Ordinal).Select(item => item.ProfileId).ToListAsync(ct);
        await invitations.ExecuteDeleteAsync(ct);
        await Insert(chunk, ids.ConvertAll(id => new Invitee(id, sent.GetValueOrDefault(id))), secrets, expiresAt, ct);
    }

    private static async Task Insert(
        OperationContext chunk,
        List<Invitee> people,
        OutboxSecrets secrets,
        DateTime expiresAt,
        CancellationToken ct
    )
    {
        var (workspaceId, operationId, now) = (chunk.WorkspaceId, chunk.OperationId, chunk.Now);
        var invitations = new List<Invitation>(people.Count);
        var messages = new List<OutboxMessage>(people.Count);
        // Most of the work is encrypting, which every processor can do.
        var tokens = people.AsParallel().AsOrdered().Select(person => Link(person.ProfileId, secrets)).ToList();
        foreach (var ((profileId, sentBefore), (hash, secret)) in people.Zip(tokens))
        {
            invitations.Add(
                new()
                {
                    WorkspaceId = workspaceId,
                    ProfileId = profileId,
                    TokenHash = hash,
                    SentCount = sentBefore + 1,
                    LastSentAt = now,
                    ExpiresAt = expiresAt,
                    OperationId = operationId,
                }
            );
            messages.Add(
                new()
                {
                    WorkspaceId = workspaceId,
                    OperationId = operationId,
                    ProfileId = profileId,
                    Purpose = MessagePurpose.Invitation,
                    Secret = secret,
                    Status = MessageStatus.Waiting,
                    CreatedAt = now,
                    DueAt = now,
                }
            );
        }

        await chunk.Db.BulkInsert(invitations, ct);
        await chunk.Db.BulkInsert(messages, ct);
    }

    private static (string Hash, string Secret) Link(long profileId, OutboxSecrets secrets)
    {
        var token = Secrets.CreateFor(profileId);
        return (Secrets.Hash(token), secrets.Protect(token));
    }
}
