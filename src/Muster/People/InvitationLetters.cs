using Muster.Access;
using Muster.Data;
using Muster.Mail;

namespace Muster.People;

/// <summary>Makes the tokens of a chunk's invitations and writes invitations and messages: the one part that a statement on the database cannot do.</summary>
internal static class InvitationLetters
{
    /// <summary>Writes an invitation and a message for each profile, in the caller's transaction. Nobody may have an invitation yet.</summary>
    public static async Task Write(
        MusterDb db,
        long workspaceId,
        long operationId,
        IReadOnlyList<long> profileIds,
        OutboxSecrets secrets,
        DateTime now,
        DateTime expiresAt,
        CancellationToken ct
    )
    {
        var invitations = new List<Invitation>(profileIds.Count);
        var messages = new List<OutboxMessage>(profileIds.Count);
        foreach (var profileId in profileIds)
        {
            var token = Secrets.Create();
            invitations.Add(
                new()
                {
                    WorkspaceId = workspaceId,
                    ProfileId = profileId,
                    TokenHash = Secrets.Hash(token),
                    SentCount = 1,
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
                    Secret = secrets.Protect(token),
                    Status = MessageStatus.Waiting,
                    CreatedAt = now,
                    DueAt = now,
                }
            );
        }

        await db.BulkInsert(invitations, ct);
        await db.BulkInsert(messages, ct);
    }
}
