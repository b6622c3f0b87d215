using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Xunit;

namespace Muster.Tests;

/// <summary>Whoever writes one transaction after the other on SQLite lets those go first who wait for its one writer.</summary>
public sealed class SqliteWritersTests(PostgresServer postgres)
{
    // So long a write has waited that it looks again only every tenth of a second.
    private static readonly TimeSpan LongEnough = TimeSpan.FromMilliseconds(600);

    public enum Write
    {
        InTransaction,
        OneStatement,
        SavedChanges,
    }

    [Theory]
    [InlineData(Write.InTransaction)]
    [InlineData(Write.OneStatement)]
    [InlineData(Write.SavedChanges)]
    public async Task A_write_that_waits_comes_before_the_next_chunk(Write kind)
    {
        await using var stage = await Stage.Set(DatabaseKind.Sqlite, postgres, given => given.People(1));
        await using var chunk = stage.Database.Databases.Open(stage.Given.Workspace);
        await using var transaction = await chunk.Database.BeginTransactionAsync();
        var writing = Task.Run(() => Rename(stage, kind));
        await Task.Delay(LongEnough);
        Assert.False(writing.IsCompleted);

        await transaction.CommitAsync();
        await SqliteWriters.LetOthersFirst(stage.Database.Databases, default);

        // The next chunk begins, and finds nobody in its way.
        await using var next = await chunk.Database.BeginTransactionAsync();
        Assert.Equal("Renamed", await chunk.Workspaces.Where(w => w.Id == stage.Given.Workspace).Select(w => w.Name).SingleAsync());
        await next.CommitAsync();
        await writing;
    }

    private static async Task Rename(Stage stage, Write kind)
    {
        await using var db = stage.Database.Databases.Open(stage.Given.Workspace);
        var mine = db.Workspaces.Where(w => w.Id == stage.Given.Workspace);
        if (kind == Write.SavedChanges)
        {
            (await mine.SingleAsync()).Name = "Renamed";
            await db.SaveChangesAsync();
            return;
        }

        await using var transaction = kind == Write.InTransaction ? await db.Database.BeginTransactionAsync() : null;
        await mine.ExecuteUpdateAsync(set => set.SetProperty(w => w.Name, "Renamed"));
        await (transaction?.CommitAsync() ?? Task.CompletedTask);
    }
}
