using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Muster.Tests;

/// <summary>An answer as a browser would see it, redirects not followed.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Location">Where a redirect leads, as a path.</param>
/// <param name="Text">The body.</param>
/// <param name="Headers">The headers, those of the content excepted.</param>
public sealed record Answer(HttpStatusCode Status, string? Location, string Text, System.Net.Http.Headers.HttpResponseHeaders Headers)
{
    /// <summary>The body as a page.</summary>
    public IHtmlDocument Page => new HtmlParser().ParseDocument(Text);

    /// <summary>The page's main heading.</summary>
    public string? Heading => Page.QuerySelector("h1")?.TextContent.Trim();
}

/// <summary>A browser without script: cookies, pages, and forms filled in and sent as they stand in the page.</summary>
public sealed class Visitor(HttpClient client) : IDisposable
{
    /// <summary>The client, for what is no page.</summary>
    public HttpClient Client => client;

    /// <summary>Opens an address.</summary>
    public async Task<Answer> Get(string path) => await Read(await client.GetAsync(new Uri(path, UriKind.Relative)));

    /// <summary>Opens the page, fills in its form of this name and sends it with all hidden fields.</summary>
    public async Task<Answer> Send(string path, string form, params (string Name, string Value)[] fields)
    {
        var opened = await Get(path);
        return await SendFrom(opened, path, form, fields);
    }

    /// <summary>Fills in a form of a page that was opened before.</summary>
    public async Task<Answer> SendFrom(Answer opened, string path, string form, params (string Name, string Value)[] fields)
    {
        var found = FormOf(opened, path, form);
        var values = Hidden(found).Concat(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
        using var body = new FormUrlEncodedContent(values);
        return await Read(await client.PostAsync(new Uri(found.GetAttribute("action") ?? path, UriKind.Relative), body));
    }

    /// <summary>Opens the page and sends a file with its form of this name.</summary>
    public async Task<Answer> Upload(string path, string form, string fileName, byte[] content)
    {
        var opened = await Get(path);
        using var body = new MultipartFormDataContent();
        foreach (var (name, value) in Hidden(FormOf(opened, path, form)))
        {
            body.Add(new StringContent(value), name);
        }

        body.Add(new ByteArrayContent(content), "file", fileName);
        return await Read(await client.PostAsync(new Uri(path, UriKind.Relative), body));
    }

    /// <summary>Fills in the sign-in page.</summary>
    public Task<Answer> SignIn(string email, string password, string query = "") =>
        Send("/sign-in" + query, "sign-in", ("email", email), ("password", password));

    /// <inheritdoc />
    public void Dispose() => client.Dispose();

    private static IHtmlFormElement FormOf(Answer opened, string path, string form) =>
        opened
            .Page.Forms.OfType<IHtmlFormElement>()
            .SingleOrDefault(f => f.QuerySelector($"input[name=_handler][value='{form}']") is not null)
        ?? throw new InvalidOperationException($"{path} answered {opened.Status} and has no form {form}:\n{opened.Text}");

    private static IEnumerable<KeyValuePair<string, string>> Hidden(IHtmlFormElement form) =>
        form.QuerySelectorAll("input[type=hidden], input:not([type])")
            .OfType<IHtmlInputElement>()
            .Where(input => input.Name is not null)
            .Select(input => new KeyValuePair<string, string>(input.Name!, input.Value));

    private async Task<Answer> Read(HttpResponseMessage answer)
    {
        using (answer)
        {
            var location = answer.Headers.Location;
            return new(
                answer.StatusCode,
                location is { IsAbsoluteUri: true } && location.Host == client.BaseAddress?.Host
                    ? location.PathAndQuery
                    : location?.OriginalString,
                await answer.Content.ReadAsStringAsync(),
                answer.Headers
            );
        }
    }
}
