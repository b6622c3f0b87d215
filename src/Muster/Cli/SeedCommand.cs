using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.People;

namespace Muster.Cli;

/// <summary><c>muster seed</c>.</summary>
internal static class SeedCommand
{
    private const int MostUsers = 5_000_000;

    public static Command Create()
    {
        var workspace = new Option<string>("--workspace")
        {
            Description = "Name of the workspace; made when there is none.",
            Required = true,
        };
        var users = new Option<int>("--users") { Description = $"How many people to add, up to {MostUsers:N0}.", Required = true };
        var seed = new Option<int>("--seed") { Description = "The same number gives the same people.", DefaultValueFactory = _ => 1 };
        var command = new Command(
            "seed",
            """
            Fills a workspace with invented people, with units, groups, courses, enrolments in every status and field values.

            For trying out and measuring; addresses end in example.org, so that no mail ever reaches anybody.
              muster seed --workspace Trial --users 10000
            """
        )
        {
            workspace,
            users,
            seed,
        };
        command.SetAction(
            (parsed, ct) => Run(parsed.GetRequiredValue(workspace).Trim(), parsed.GetRequiredValue(users), parsed.GetValue(seed), ct)
        );
        return command;
    }

    private static async Task<int> Run(string name, int users, int seed, CancellationToken ct)
    {
        if (users is < 1 or > MostUsers || name.Length is 0 or > 100)
        {
            throw new RefusedException($"Give a name of 1 to 100 characters and 1 to {MostUsers} users.");
        }

        await using var host = await CommandHost.Open(ct);
        await using var db = host.Databases.Open(0);
        var watch = Stopwatch.StartNew();
        var id = await FindOrCreate(db, name, host.Clock.Now(), ct);
        db.WorkspaceId = id;
        var already = await db.Profiles.CountAsync(p => p.WorkspaceId == id, ct);
        var ground = await Ground.Read(db, id, host.Clock, ct);
        var domain = string.Create(CultureInfo.InvariantCulture, $"w{id}.example.org");
        await Seeder.AddPeople(
            db,
            ground,
            users,
            unchecked(seed + already),
            already,
            Seeder.NumberedAddresses(domain),
            done => Tell(done, users, watch.Elapsed),
            ct
        );
        await Seeder.Analyse(db, ct);
        await Console.Error.WriteLineAsync();
        await Console.Out.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{users:N0} people are in {name} (workspace {id}), {already + users:N0} in all, after {watch.Elapsed.TotalSeconds:N1} s."
            )
        );
        return ExitCode.Done;
    }

    private static async Task<long> FindOrCreate(MusterDb db, string name, DateTime now, CancellationToken ct)
    {
        var key = Names.Fold(name);
        var found = (await db.Workspaces.AsNoTracking().ToListAsync(ct)).FindAll(w => Names.Fold(w.Name) == key);
        if (found.Count > 1)
        {
            throw new RefusedException($"Several workspaces are named '{name}'.");
        }

        if (found.Count == 1)
        {
            return found[0].Id;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var id = await WorkspaceBuilder.Create(db, await db.Reserve(IdBlock.Site, 1, ct), WorkspacePlan.Large(name), now.AddDays(-740), ct);
        await transaction.CommitAsync(ct);
        return id;
    }

    private static void Tell(int done, int users, TimeSpan elapsed) =>
        Console.Error.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\r{done:N0} of {users:N0} people, {done / Math.Max(0.001, elapsed.TotalSeconds):N0} a second "
            )
        );
}
