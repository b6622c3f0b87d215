using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Muster.Data;
using Muster.Files;
using Muster.People;

namespace Muster.Tests;

/// <summary>Exports a stage's workspace, and watches how.</summary>
internal static class Exporting
{
    /// <summary>The file, with how many the product says are in it.</summary>
    public static async Task<(byte[] File, long Count)> Export(this Stage stage, string format, UserFilter? filter = null)
    {
        await using var db = stage.Database.Open(stage.Given.Workspace);
        var file = new MemoryStream();
        var count = await Write(stage, db, format, filter, file);
        return (file.ToArray(), count);
    }

    /// <summary>Writes to a stream, through a context of the test's own.</summary>
    public static async Task<long> Write(Stage stage, MusterDb db, string format, UserFilter? filter, Stream to)
    {
        var workspace = await db.Workspaces.AsNoTracking().SingleAsync(w => w.Id == stage.Given.Workspace);
        await using ITableWriter table = format == "csv" ? new CsvTableWriter(to) : new XlsxTableWriter(to, "Users");
        return await UserExport.Write(db, workspace, filter ?? new(), stage.Given.Today, table, CancellationToken.None);
    }

    /// <summary>The rows as our own import reads them, by heading.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(byte[] file)
    {
        using var sheet = Workbooks.Open(file);
        return
        [
            .. sheet
                .Rows(CancellationToken.None)
                .Select(row => sheet.Headers.ToDictionary(h => h.Text, h => row[h.Column].Text, StringComparer.Ordinal)),
        ];
    }

    /// <summary>A context that tells how many rows each statement fetched.</summary>
    public static MusterDb Watched(Stage stage, ReadCounter counter)
    {
        if (stage.Database.Options.IsSqlite)
        {
            var sqlite = new DbContextOptionsBuilder<SqliteMusterDb>().AddInterceptors(counter);
            DataRegistration.Configure(sqlite, stage.Database.Options);
            return new SqliteMusterDb((DbContextOptions<SqliteMusterDb>)sqlite.Options) { WorkspaceId = stage.Given.Workspace };
        }

        var postgres = new DbContextOptionsBuilder<PostgresMusterDb>().AddInterceptors(counter);
        DataRegistration.Configure(postgres, stage.Database.Options);
        return new PostgresMusterDb((DbContextOptions<PostgresMusterDb>)postgres.Options) { WorkspaceId = stage.Given.Workspace };
    }
}

/// <summary>Counts the rows that statements fetch.</summary>
internal sealed class ReadCounter : DbCommandInterceptor
{
    /// <summary>Of the statement that fetched most.</summary>
    public int Most { get; private set; }

    /// <summary>Of all statements.</summary>
    public int Total { get; private set; }

    public override InterceptionResult DataReaderDisposing(
        DbCommand command,
        DataReaderDisposingEventData eventData,
        InterceptionResult result
    )
    {
        Most = Math.Max(Most, eventData.ReadCount);
        Total += eventData.ReadCount;
        return result;
    }
}

/// <summary>A download that does something when its first piece arrives.</summary>
internal sealed class Download(Func<Task>? onFirstPiece = null) : MemoryStream
{
    private bool begun;

    /// <summary>The most bytes that came at once.</summary>
    public int LargestPiece { get; private set; }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        LargestPiece = Math.Max(LargestPiece, buffer.Length);
        await base.WriteAsync(buffer, cancellationToken);
        if (!begun && onFirstPiece is not null)
        {
            begun = true;
            await onFirstPiece();
        }
    }
}
