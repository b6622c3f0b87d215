using Muster.Bulk;

namespace Muster.Web;

/// <summary>Hands an uploaded file to its operation.</summary>
public static class Uploads
{
    /// <summary>Reads the file and puts it; the pipeline judges what is in it.</summary>
    public static async Task Put(Operations operations, Here here, long operationId, IFormFile file, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(operations);
        ArgumentNullException.ThrowIfNull(here);
        ArgumentNullException.ThrowIfNull(file);
        var content = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(content, ct);
        await operations.PutFile(here.Requester, operationId, Path.GetFileName(file.FileName), content, ct);
    }
}
