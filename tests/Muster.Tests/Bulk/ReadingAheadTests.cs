using Microsoft.Data.Sqlite;
using Muster.Bulk;
using Xunit;

namespace Muster.Tests;

/// <summary>A file is opened and its rows are read before the transaction that stores them, and count only behind its fence.</summary>
public sealed class ReadingAheadTests(PostgresServer postgres)
{
    private const int People = 30;

    /// <summary>An epoch that nobody has.</summary>
    private const long Lost = -1;

    [Fact]
    public async Task Another_writer_commits_while_a_file_is_being_opened()
    {
        await using var stage = await Stage.Set(DatabaseKind.Sqlite, postgres);
        var operation = await Begin(stage, LargeUploads.Workbook(People));
        var writes = 0;
        stage.Pipeline.Tap.Before = statement =>
        {
            if (IsOfTheFile(statement))
            {
                writes += Write(stage.Database);
            }
        };

        await stage.Pipeline.Settle();

        Assert.Equal(1, writes);
        Assert.Equal(People, (await stage.Pipeline.Read(operation)).WillChange);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task What_is_wrong_with_a_file_counts_only_behind_the_fence(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var operation = await Begin(stage, HostileUploads.All["a zip bomb of cells"].Content());
        var epoch = await stage.Pipeline.Claim(stage.Given.Workspace);
        var before = await stage.Dump();
        stage.Pipeline.Tap.Begin();

        Assert.Equal(Step.Fenced, await stage.Pipeline.Planner.Run(operation, Lost, 10, CancellationToken.None));
        Assert.Equal("", Dump.Difference(before, await stage.Dump()));
        // The fence came after the file, or it was held while the file was read.
        var statements = stage.Pipeline.Tap.Statements.ToList();
        Assert.InRange(
            statements.FindLastIndex(IsOfTheFile),
            0,
            statements.FindIndex(s => s.Contains("workspace_leases", StringComparison.Ordinal))
        );

        await stage.Pipeline.Release(stage.Given.Workspace, epoch);
        await stage.Pipeline.Settle();
        var failed = await stage.Pipeline.Read(operation);
        Assert.Equal(OperationStatus.Failed, failed.Status);
        Assert.Contains("unpacks to far more", failed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Rows_that_were_read_and_not_stored_are_read_again(DatabaseKind kind)
    {
        await using var stage = await Stage.Set(kind, postgres);
        var operation = await Begin(stage, LargeUploads.Workbook(People));
        var epoch = await stage.Pipeline.Claim(stage.Given.Workspace);
        Task<Step> Chunk(long byEpoch) => stage.Pipeline.Planner.Run(operation, byEpoch, 10, CancellationToken.None);

        Assert.Equal(
            [Step.Fenced, Step.More, Step.Fenced, Step.More],
            [await Chunk(Lost), await Chunk(epoch), await Chunk(Lost), await Chunk(epoch)]
        );
        await stage.Pipeline.Release(stage.Given.Workspace, epoch);
        await stage.Pipeline.Settle();

        var preview = await stage.Pipeline.Read(operation);
        Assert.Equal((OperationStatus.Previewed, People, People), (preview.Status, preview.Selected, preview.WillChange));
    }

    private static Task<Operation> Begin(Stage stage, byte[] file) =>
        stage.Pipeline.Begin(stage.Given.Admin, "invite-users", new Plan("{}", new Selection { File = true }, file));

    private static bool IsOfTheFile(string statement) =>
        statement.StartsWith("SELECT", StringComparison.Ordinal)
        && statement.Contains("operation_files", StringComparison.Ordinal)
        && !statement.Contains("warnings", StringComparison.Ordinal);

    /// <summary>What anybody else would write, with no patience to wait for a turn.</summary>
    private static int Write(TestDatabase database)
    {
        using var connection = new SqliteConnection(database.Options.ConnectionString) { DefaultTimeout = 1 };
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE workspaces SET name = name WHERE id = 1";
        return command.ExecuteNonQuery();
    }
}
