using System.Globalization;
using Muster.Tests;

namespace Muster.Faults;

/// <summary>What arrived at the mail server, beside the outboxes.</summary>
/// <param name="Arrived">Messages the server took.</param>
/// <param name="Doubled">Of these, copies of one it had taken.</param>
/// <param name="Lost">Messages marked as sent that it never took.</param>
/// <param name="Foreign">Messages it took that no outbox knows: of a change that was rolled back.</param>
/// <param name="Unsent">Messages that still wait, or were given up.</param>
public sealed record MailCheck(int Arrived, int Doubled, int Lost, int Foreign, int Unsent)
{
    private const int Waiting = 0;
    private const int Sent = 1;
    private const int Failed = 2;

    /// <summary>Compares.</summary>
    public static MailCheck Of(IReadOnlyList<SinkMessage> arrived, IReadOnlyDictionary<long, Facts> places)
    {
        var ids = arrived.Select(message => message.MessageId[..message.MessageId.IndexOf('@', StringComparison.Ordinal)]).ToList();
        var distinct = ids.ToHashSet(StringComparer.Ordinal);
        var outbox = places
            .SelectMany(place => place.Value.Messages.Select(message => (Id: Name(place.Key, message), message.Status)))
            .ToDictionary(message => message.Id, message => message.Status, StringComparer.Ordinal);
        return new(
            ids.Count,
            ids.Count - distinct.Count,
            outbox.Count(message => message.Value == Sent && !distinct.Contains(message.Key)),
            distinct.Count(id => !outbox.ContainsKey(id)),
            outbox.Count(message => message.Value is Waiting or Failed)
        );
    }

    private static string Name(long workspace, MessageRow message) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(message.Purpose == 0 ? "invitation" : "enrolment")}.{workspace}.{message.Operation}.{message.Profile}"
        );
}
