using Muster.Files;

namespace Muster.Api;

/// <summary>A table streamed as CSV or XLSX.</summary>
internal sealed class TableResult(string format, string name, Func<ITableWriter, CancellationToken, Task> write) : IResult
{
    private const string SheetName = "Users";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        await using ITableWriter table =
            format == "csv" ? new CsvTableWriter(response.Body) : new XlsxTableWriter(response.Body, SheetName);
        response.ContentType = table.ContentType;
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}{table.FileExtension}\"";
        try
        {
            await write(table, httpContext.RequestAborted);
        }
        catch when (response.HasStarted)
        {
            // Half a file must not look like a whole one.
            httpContext.Abort();
            throw;
        }
    }
}
