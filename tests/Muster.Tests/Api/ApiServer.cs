using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Muster.Tests;

/// <summary>A real server with the demonstration, and a client with a token of its first workspace.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    private ApiServer(MusterProcess process, HttpClient client, long workspace, TestDatabase database)
    {
        (Process, Client, Workspace, Database) = (process, client, workspace, database);
    }

    public MusterProcess Process { get; }

    public HttpClient Client { get; }

    public long Workspace { get; }

    public string Address => $"/api/v1/workspaces/{Workspace}";

    public TestDatabase Database { get; }

    public static async Task<ApiServer> Start(DatabaseKind kind, PostgresServer postgres)
    {
        var database = await TestDatabase.Create(kind, postgres);
        var process = await MusterProcess.Start(new MusterOptions { Database = database.Setting });
        return new(process, await Authorized(process, "Northwind Care", "admin"), 1, database);
    }

    /// <summary>A client whose token is of that workspace and role, made the way an administrator makes one.</summary>
    public static async Task<HttpClient> Authorized(MusterProcess process, string workspace, string role)
    {
        var made = await process.Run("token", "create", "--workspace", workspace, "--role", role);
        Assert.True(made.ExitCode == 0, made.Error);
        var client = new HttpClient { BaseAddress = process.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Output.Trim());
        return client;
    }

    public async Task<JsonElement> Get(string path, HttpStatusCode expected = HttpStatusCode.OK) =>
        await Read(await Client.GetAsync(Url(path)), expected);

    public Task<JsonElement> Post(string path, string? json, HttpStatusCode expected = HttpStatusCode.OK, string? key = null) =>
        Send(HttpMethod.Post, path, json, expected, key);

    public async Task<JsonElement> Send(HttpMethod method, string path, string? json, HttpStatusCode expected, string? key = null)
    {
        using var request = new HttpRequestMessage(method, Url(path));
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await Read(await Client.SendAsync(request), expected);
    }

    /// <summary>Sends an operation its file as the body, saying how long it is or not.</summary>
    public async Task<(HttpStatusCode Status, string Text)> PutFile(long id, string name, byte[] file, bool saysSize = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Url($"/operations/{id}/file?name={name}"));
        request.Content = new ByteArrayContent(file);
        request.Headers.TransferEncodingChunked = !saysSize;
        using var answer = await Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until the operation has left what it is doing.</summary>
    public async Task<JsonElement> Settled(long id)
    {
        while (true)
        {
            var operation = await Get($"/operations/{id}");
            if (operation.Text("status") is not ("previewing" or "queued" or "running"))
            {
                return operation;
            }

            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
        await Database.DisposeAsync();
    }

    private string Url(string path) => path.StartsWith("/api", StringComparison.Ordinal) ? path : Address + path;

    private static async Task<JsonElement> Read(HttpResponseMessage response, HttpStatusCode expected)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode} instead of {(int)expected}: {text}");
            if ((int)expected >= 400)
            {
                Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            }

            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
    }
}

/// <summary>Short ways into an answer.</summary>
internal static class JsonReading
{
    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static long Number(this JsonElement json, params string[] path)
    {
        foreach (var name in path)
        {
            json = json.GetProperty(name);
        }

        return json.GetInt64();
    }
}
