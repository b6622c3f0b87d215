using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Muster.Tests;

namespace Muster.Bench;

/// <summary>A workspace, and an Admin's token for it.</summary>
public sealed record Place(Ground Ground, string Token)
{
    public long Id => Ground.Workspace;

    /// <summary>The group that people are put into and taken out of; its rule enrols them in a course.</summary>
    public long Group => Ground.Groups[0];
}

/// <summary>One real server with its own settings, on a database with a very large workspace and a small one.</summary>
public sealed class Live : IAsyncDisposable
{
    private const string Database = "beside";
    private const int SmallWorkspace = 2_000;
    private readonly Store store;
    private readonly MusterProcess server;

    private Live(Store store, MusterProcess server, Place large, Place small, Visitor admin)
    {
        (this.store, this.server, Large, Small, Admin) = (store, server, large, small, admin);
        Api = new(server.Url);
    }

    public Place Large { get; }

    public Place Small { get; }

    public Api Api { get; }

    /// <summary>A browser in which an Admin of the large workspace, who is a Site Admin too, has signed in.</summary>
    public Visitor Admin { get; }

    /// <summary>Fills the database and starts the server on it.</summary>
    public static async Task<Live> Start(Store store, int users, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(store);
        await store.Create(Database);
        Ground large;
        Ground small;
        await using (var db = store.Open(Database))
        {
            large = await Seed.Fill(db, users, ct);
            small = await Seed.Fill(db, SmallWorkspace, ct, "beside");
            // The server would work on these e-mails meanwhile; nobody has asked for them.
            await db.Outbox.IgnoreQueryFilters().ExecuteDeleteAsync(ct);
        }

        await store.Settle(Database);
        var options = new MusterOptions
        {
            Database = store.Setting(Database),
            // Whoever asks every 20 ms how far an operation is needs more than the default; everything else is as installed.
            Environment = new Dictionary<string, string?> { ["Muster__Api__RequestsPerMinute"] = "1000000" },
        };
        var (tokenOfLarge, tokenOfSmall) = (await Token(options, large.Workspace), await Token(options, small.Workspace));
        var email = Seed.Email(0);
        var password = (await MusterProcess.Run(options, ["admin", "reset", "--email", email], ct: ct))
            .OrThrow("admin reset")
            .Output.Trim();
        var server = await MusterProcess.Start(options, ct);
        var browser = new Visitor(
            new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Url, Timeout = TimeSpan.FromMinutes(2) }
        );
        var answer = await browser.SignIn(email, password);
        return answer.Status == System.Net.HttpStatusCode.Redirect
            ? new(store, server, new(large, tokenOfLarge), new(small, tokenOfSmall), browser)
            : throw new InvalidOperationException($"{email} could not sign in: {answer.Status}\n{answer.Text}");
    }

    /// <summary>A unit of work on the database, beside the server.</summary>
    public Data.MusterDb Open(Place place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return store.Open(Database, place.Id);
    }

    /// <summary>The first row of a query, in plain SQL, as numbers.</summary>
    public async Task<long[]> Numbers(FormattableString sql)
    {
        await using var db = store.Open(Database);
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = FormattableString.Invariant(sql);
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToInt64(reader.GetValue(i), CultureInfo.InvariantCulture))];
    }

    /// <summary>Everything of an operation's row that moves while it works.</summary>
    public Task<long[]> Row(Place place, long operation)
    {
        ArgumentNullException.ThrowIfNull(place);
        return Numbers(
            $"SELECT cursor, changed, failed, left_alone, items_changed, items_failed, items_left_alone, status FROM operations WHERE workspace_id = {place.Id} AND id = {operation}"
        );
    }

    /// <summary>How many are in the group.</summary>
    public async Task<long> Members(Place place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return (await Numbers($"SELECT count(*) FROM memberships WHERE workspace_id = {place.Id} AND group_id = {place.Group}"))[0];
    }

    /// <summary>How many chunks the audit log tells of.</summary>
    public async Task<long> Chunks(Place place, long operation)
    {
        ArgumentNullException.ThrowIfNull(place);
        return (
            await Numbers(
                $"SELECT count(*) FROM audit WHERE workspace_id = {place.Id} AND operation_id = {operation} AND event = 'operation.chunk'"
            )
        )[0];
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Admin.Dispose();
        await server.DisposeAsync();
        await store.Drop(Database);
    }

    private static async Task<string> Token(MusterOptions options, long workspace)
    {
        var id = workspace.ToString(CultureInfo.InvariantCulture);
        return (await MusterProcess.Run(options, ["token", "create", "--workspace", id])).OrThrow("token create").Output.Trim();
    }
}
