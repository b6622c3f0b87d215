using System.IO.Compression;
using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Muster.Tests;

/// <summary>What came back: everything of it that a reader could see, spreadsheets unpacked.</summary>
internal sealed record Reply(string Asked, HttpStatusCode Status, string? Location, string Headers, string Text)
{
    /// <summary>Whether the word stands anywhere in the answer, headers included.</summary>
    public bool Shows(string word) => $"{Headers}\n{Text}".Contains(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The forms of the page that would change something.</summary>
    public IReadOnlyList<IHtmlFormElement> Forms =>
        [.. new HtmlParser().ParseDocument(Text).Forms.OfType<IHtmlFormElement>().Where(form => form.GetAttribute("method") == "post")];

    public override string ToString() => $"{Asked}: {(int)Status} {Location}";
}

/// <summary>Sends whatever an address may be sent, and reads whatever it answers.</summary>
internal sealed class Caller(HttpClient client)
{
    /// <summary>A stream that goes on for ever is read for so long.</summary>
    private const int EnoughOfAStream = 200;

    public HttpClient Client => client;

    public async Task<Reply> Send(string method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative)) { Content = body };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var text =
            answer.Content.Headers.ContentType?.MediaType == "text/event-stream"
                ? await Beginning(answer.Content)
                : TextOf(await answer.Content.ReadAsByteArrayAsync());
        return new(
            $"{method} {path}",
            answer.StatusCode,
            answer.Headers.Location?.OriginalString,
            $"{answer.Headers}{answer.Content.Headers}",
            text
        );
    }

    public Task<Reply> Json(string method, string path, string json, params (string Name, string Value)[] headers) =>
        Send(method, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    /// <summary>A form as it stands in a page, its texts filled in and a file put into it, sent to any address.</summary>
    public Task<Reply> Form(IHtmlFormElement form, string path, params (string Name, string Value)[] instead)
    {
        var fields = form.QuerySelectorAll("input, textarea, select")
            .Where(field => field.HasAttribute("name") && field.GetAttribute("type") != "file")
            .Select(field => (Name: field.GetAttribute("name")!, Value: ValueOf(field)))
            .Where(field => instead.All(other => other.Name != field.Name))
            .Concat(instead)
            .ToList();
        if (form.GetAttribute("enctype") != "multipart/form-data")
        {
            return Send("POST", path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
        }

        var body = new MultipartFormDataContent();
        fields.ForEach(field => body.Add(new StringContent(field.Value), field.Name));
        body.Add(new ByteArrayContent("Email\nsomebody@example.org\n"u8.ToArray()), "file", "people.csv");
        return Send("POST", path, body);
    }

    private static string ValueOf(AngleSharp.Dom.IElement field) =>
        field.GetAttribute("type") is "hidden" or "checkbox" or "radio" ? field.GetAttribute("value") ?? ""
        : field.GetAttribute("name") == "seats" ? "3"
        : field is IHtmlSelectElement select ? select.Value ?? ""
        : "Somebody";

    private static string TextOf(byte[] content)
    {
        if (!content.AsSpan().StartsWith("PK"u8))
        {
            return Encoding.UTF8.GetString(content);
        }

        using var zip = new ZipArchive(new MemoryStream(content));
        var text = new StringBuilder();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(entry.Open());
            text.AppendLine(reader.ReadToEnd());
        }

        return text.ToString();
    }

    private static async Task<string> Beginning(HttpContent content)
    {
        await using var stream = await content.ReadAsStreamAsync();
        var buffer = new byte[EnoughOfAStream];
        var read = await stream.ReadAtLeastAsync(buffer, EnoughOfAStream / 2, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }
}
