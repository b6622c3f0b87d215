using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Muster.Bench;

/// <summary>What the server answered, and after how long.</summary>
public sealed record Reply(int Status, JsonElement Body, double Milliseconds)
{
    public long Id => Body.GetProperty("id").GetInt64();

    /// <summary>The operation's status.</summary>
    public string State => Body.GetProperty("status").GetString()!;

    /// <summary>One of the operation's headline counts.</summary>
    public long Count(string member) => Body.GetProperty("counts").GetProperty(member).GetInt64();

    /// <summary>One of the operation's counts of items.</summary>
    public long Items(string member) => Body.GetProperty("counts").GetProperty("items").GetProperty(member).GetInt64();
}

/// <summary>The REST interface, as a program with a token uses it.</summary>
public sealed class Api(Uri root) : IDisposable
{
    private readonly HttpClient client = new() { BaseAddress = root, Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Sends a request and reads its answer, whatever it is.</summary>
    public async Task<Reply> Send(HttpMethod method, Place place, string path, object? body = null)
    {
        ArgumentNullException.ThrowIfNull(place);
        var address = string.Create(CultureInfo.InvariantCulture, $"api/v1/workspaces/{place.Id}/{path}");
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative));
        request.Content = body is null ? null : JsonContent.Create(body);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", place.Token);
        var clock = Stopwatch.StartNew();
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var took = clock.Elapsed.TotalMilliseconds;
        return new((int)response.StatusCode, JsonDocument.Parse(text).RootElement, took);
    }

    /// <summary>Sends a request that has to succeed.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message has the answer.</exception>
    public async Task<Reply> Must(HttpMethod method, Place place, string path, object? body = null)
    {
        var reply = await Send(method, place, path, body);
        return reply.Status < 300 ? reply : throw new InvalidOperationException($"{method} {path}: {reply.Status} {reply.Body}");
    }

    /// <summary>Puts people into the place's group: the operation, which is being previewed.</summary>
    public Task<Reply> AddToGroup(Place place, object selection)
    {
        ArgumentNullException.ThrowIfNull(place);
        return Must(
            HttpMethod.Post,
            place,
            "operations",
            new
            {
                action = "add-users-to-group",
                parameters = new { groups = new[] { place.Group } },
                selection,
            }
        );
    }

    /// <summary>Asks again and again how far an operation is, until it is there.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<Reply> Until(Place place, long operation, string state, TimeSpan pause)
    {
        while (true)
        {
            var reply = await Must(HttpMethod.Get, place, At(operation));
            if (reply.State == state)
            {
                return reply;
            }

            if (reply.State == "failed")
            {
                throw new InvalidOperationException($"Operation {operation} failed: {reply.Body}");
            }

            await Task.Delay(pause);
        }
    }

    /// <summary>The path of an operation, or of what is asked of it.</summary>
    public static string At(long operation, string step = "") =>
        string.Create(CultureInfo.InvariantCulture, $"operations/{operation}{(step.Length > 0 ? "/" : "")}{step}");

    /// <inheritdoc />
    public void Dispose() => client.Dispose();
}
