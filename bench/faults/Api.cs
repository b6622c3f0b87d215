using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Muster.Faults;

/// <summary>Nobody answered a request in time.</summary>
public sealed class UnansweredException(string message) : Exception(message);

/// <summary>A server's answer; an empty object where it had no body.</summary>
public sealed record Answer(int Status, JsonElement Body)
{
    public string Text(string member) => Body.TryGetProperty(member, out var value) ? value.ToString() : "";

    public long Count(string member) => Body.GetProperty("counts").GetProperty(member).GetInt64();
}

/// <summary>The REST interface as a client behind a load balancer sees it: a request that got no answer is sent again, to any node, with its key.</summary>
public sealed class Api(Site site, Journal journal) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(6) };
    private readonly Random random = new(7);

    /// <summary>Sends until somebody answers with something else than 5xx.</summary>
    /// <exception cref="UnansweredException">Nobody did for two minutes.</exception>
    public async Task<Answer> Send(HttpMethod method, Place place, string path, object? body = null, string? key = null)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var last = "";
        while (clock.Elapsed < Patience)
        {
            if (Pick() is { } node)
            {
                try
                {
                    using var request = Request(method, new(node.Process.Url, Path(place, path)), place, body, key);
                    using var response = await client.SendAsync(request);
                    var text = await response.Content.ReadAsStringAsync();
                    if ((int)response.StatusCode is < 500 and not 429)
                    {
                        return new((int)response.StatusCode, JsonDocument.Parse(text.Length == 0 ? "{}" : text).RootElement);
                    }

                    journal.Count($"answers {(int)response.StatusCode}");
                    last = text;
                }
                catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or JsonException)
                {
                    journal.Count("requests without an answer");
                    last = e.Message;
                }
            }

            await Task.Delay(200);
        }

        if (key is not null)
        {
            journal.Unanswered.Add(key);
        }

        throw new UnansweredException($"{method} {path}: {last}");
    }

    /// <inheritdoc />
    public void Dispose() => client.Dispose();

    private static string Path(Place place, string path) =>
        string.Create(CultureInfo.InvariantCulture, $"api/v1/workspaces/{place.Id}/{path}");

    private static HttpRequestMessage Request(HttpMethod method, Uri address, Place place, object? body, string? key)
    {
        var request = new HttpRequestMessage(method, address)
        {
            Content = body switch
            {
                null => null,
                string csv => new StringContent(csv, Encoding.UTF8, "text/csv"),
                _ => JsonContent.Create(body),
            },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", place.Token);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return request;
    }

    private Node? Pick()
    {
        var alive = site.Alive;
        lock (random)
        {
            return alive.Count == 0 ? null : alive[random.Next(alive.Count)];
        }
    }
}
