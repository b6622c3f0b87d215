using System.Data.Common;
using Microsoft.Data.Sqlite;
using Muster.Tests;

namespace Muster.Faults;

/// <summary>A file, on a small file system of its own where one may be mounted, so that it can be full.</summary>
public sealed class SqliteStore : Store
{
    private const int Mebibytes = 500;
    private readonly string folder = Reaper.NewFolder("faults-sqlite");
    private bool isMounted;

    private SqliteStore() { }

    public override string Setting => $"sqlite:{File}";

    private string File => Path.Combine(folder, "muster.db");

    public static async Task<SqliteStore> Begin(bool small)
    {
        var store = new SqliteStore();
        if (small && Environment.UserName == "root")
        {
            var mount = await Command.Run("mount", ["-t", "tmpfs", "-o", $"size={Mebibytes}m", "muster-faults", store.folder]);
            store.isMounted = mount.ExitCode == 0;
        }

        return store;
    }

    public override string? WhyNot(Fault fault) =>
        fault switch
        {
            Fault.Backends or Fault.Restart => "PostgreSQL only",
            Fault.Disk when !isMounted => "a file system may not be mounted here (be root)",
            _ => null,
        };

    /// <summary>Fills the disk to the last byte for two to eight seconds.</summary>
    public override async Task Break(Fault fault, Random random)
    {
        var ballast = Path.Combine(folder, "ballast");
        try
        {
            await using var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            foreach (var size in new[] { 1 << 20, 4096 })
            {
                Fill(file, new byte[size]);
            }

            await Task.Delay(random.Next(2000, 8000));
        }
        finally
        {
            System.IO.File.Delete(ballast);
        }
    }

    public override Task ForgetCursors() =>
        Execute(
            """
            CREATE TRIGGER ablation AFTER UPDATE OF cursor ON operations
            WHEN NEW.status = 4 AND NEW.cursor > OLD.cursor AND abs(random() % 10) = 0
            BEGIN UPDATE operations SET cursor = OLD.cursor WHERE workspace_id = NEW.workspace_id AND id = NEW.id; END
            """
        );

    public override async ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        if (isMounted)
        {
            (await Command.Run("umount", ["--lazy", folder])).OrThrow("umount");
        }

        Directory.Delete(folder, recursive: true);
    }

    protected override async Task<DbConnection> Open()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False;Mode=ReadWrite;Default Timeout=10");
        await connection.OpenAsync();
        return connection;
    }

    private static void Fill(FileStream file, byte[] block)
    {
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full, which is what was asked for.
        }
    }
}
