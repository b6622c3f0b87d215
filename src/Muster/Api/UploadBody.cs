using Microsoft.AspNetCore.Http.Features;

namespace Muster.Api;

/// <summary>Reads an upload that is the body of the request: in full, but never more of it than may be uploaded.</summary>
internal static class UploadBody
{
    private const int FirstLength = 1 << 20;

    public static async Task<byte[]> Read(HttpRequest request, long most, CancellationToken ct)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // Counted here instead. Over its own limit the server cuts the connection, and whoever is still sending never sees the refusal.
            limit.MaxRequestBodySize = null;
        }

        if (request.ContentLength > most)
        {
            throw TooLarge(most);
        }

        // Where the length is said, and it nearly always is, the file is in memory once.
        var content = new byte[request.ContentLength ?? Math.Min(FirstLength, most + 1)];
        var length = 0;
        int read;
        while ((read = await request.Body.ReadAsync(content.AsMemory(length), ct)) > 0)
        {
            length += read;
            if (length > most)
            {
                throw TooLarge(most);
            }

            if (length == content.Length && request.ContentLength is null)
            {
                Array.Resize(ref content, (int)Math.Min(2L * length, most + 1));
            }
        }

        Array.Resize(ref content, length);
        return length > 0 ? content : throw new BadHttpRequestException("Send the file as the body of the request.");
    }

    private static BadHttpRequestException TooLarge(long most) =>
        new($"The file is larger than {most >> 20} MiB; split it into several.", StatusCodes.Status413PayloadTooLarge);
}
