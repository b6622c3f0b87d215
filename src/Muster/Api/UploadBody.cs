using Microsoft.AspNetCore.Http.Features;

namespace Muster.Api;

/// <summary>Reads an upload that is the body of the request: in full, but never more of it than may be uploaded.</summary>
internal static class UploadBody
{
    public static async Task<byte[]> Read(HttpRequest request, long most, CancellationToken ct)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = most + 1;
        }

        if (request.ContentLength > most)
        {
            throw TooLarge(most);
        }

        using var content = new MemoryStream((int)(request.ContentLength ?? 0));
        var buffer = new byte[81920];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, ct)) > 0)
        {
            if (content.Length + read > most)
            {
                throw TooLarge(most);
            }

            content.Write(buffer, 0, read);
        }

        return content.Length > 0 ? content.ToArray() : throw new BadHttpRequestException("Send the file as the body of the request.");
    }

    private static BadHttpRequestException TooLarge(long most) =>
        new($"The file is larger than {most >> 20} MiB; split it into several.", StatusCodes.Status413PayloadTooLarge);
}
