using Muster.Data;

namespace Muster.Cli;

/// <summary>Fills workspaces with invented people; the same ones for the same seed. Memory does not grow with their number.</summary>
internal static class Seeder
{
    private const int Batch = 5000;

    /// <summary>Adds people to a workspace, a batch a transaction, or all in the caller's.</summary>
    /// <param name="db">A unit of work that shows the workspace.</param>
    /// <param name="ground">The workspace.</param>
    /// <param name="users">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="already">How many there are: who comes later is no Admin.</param>
    /// <param name="addressOf">The address for a mailbox name and a profile id.</param>
    /// <param name="told">Told how many there are so far.</param>
    /// <param name="ct">Stops between batches.</param>
    public static async Task AddPeople(
        MusterDb db,
        Ground ground,
        int users,
        int seed,
        int already,
        Func<string, long, string> addressOf,
        Action<int>? told,
        CancellationToken ct
    )
    {
        var maker = new PersonMaker(ground, new Random(seed), addressOf);
        var isCallers = db.Database.CurrentTransaction is not null;
        for (var done = 0; done < users; )
        {
            var count = Math.Min(Batch, users - done);
            await using var transaction = isCallers ? null : await db.Database.BeginTransactionAsync(ct);
            var id = await db.Reserve(ground.WorkspaceId, count, ct);
            var account = await db.Reserve(IdBlock.Site, count, ct);
            var rows = new PeopleRows();
            for (var i = 0; i < count; i++)
            {
                maker.Add(rows, id + i, account + i, already + done + i);
            }

            await rows.Insert(db, ct);
            if (transaction is not null)
            {
                await transaction.CommitAsync(ct);
            }

            done += count;
            told?.Invoke(done);
        }
    }

    /// <summary>Gives the planner what it should know of the new rows.</summary>
    public static async Task Analyse(MusterDb db, CancellationToken ct)
    {
        foreach (var table in new[] { "accounts", "profiles", "invitations", "memberships", "field_values", "enrolments" })
        {
            await db.Analyse(table, ct);
        }
    }

    /// <summary><c>first.last</c>, with a number where two would be the same.</summary>
    public static Func<string, long, string> ReadableAddresses(string domain)
    {
        var taken = new Dictionary<string, int>(StringComparer.Ordinal);
        return (name, _) =>
        {
            var times = taken[name] = taken.GetValueOrDefault(name) + 1;
            return times == 1 ? $"{name}@{domain}" : $"{name}{times}@{domain}";
        };
    }

    /// <summary><c>first.last.id</c>: unique without remembering any.</summary>
    public static Func<string, long, string> NumberedAddresses(string domain) => (name, id) => $"{name}.{id}@{domain}";
}
