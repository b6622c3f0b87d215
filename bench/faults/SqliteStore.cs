using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Muster.Faults;

/// <summary>A file, on a small file system of its own where one may be mounted, so that it can be full.</summary>
public sealed class SqliteStore : Store
{
    private const int Mebibytes = 500;
    private readonly SmallDisk disk;

    private SqliteStore(SmallDisk disk) => this.disk = disk;

    public override string Setting => $"sqlite:{File}";

    private string File => Path.Combine(disk.Folder, "muster.db");

    public static async Task<SqliteStore> Begin(bool small) => new(await SmallDisk.Make("faults-sqlite", small ? Mebibytes : 0));

    public override string? WhyNot(Fault fault) =>
        fault switch
        {
            Fault.Backends or Fault.Restart => "PostgreSQL only",
            Fault.Disk when !disk.IsMounted => "a file system may not be mounted here (be root)",
            _ => null,
        };

    public override Task Break(Fault fault, Random random) => disk.BeFull(random);

    public override Task ForgetCursors() =>
        Execute(
            """
            CREATE TRIGGER ablation AFTER UPDATE OF cursor ON operations
            WHEN NEW.status = 4 AND NEW.cursor > OLD.cursor AND abs(random() % 10) = 0
            BEGIN UPDATE operations SET cursor = OLD.cursor WHERE workspace_id = NEW.workspace_id AND id = NEW.id; END
            """
        );

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        return disk.DisposeAsync();
    }

    protected override async Task<DbConnection> Open()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False;Mode=ReadWrite;Default Timeout=10");
        await connection.OpenAsync();
        return connection;
    }
}
