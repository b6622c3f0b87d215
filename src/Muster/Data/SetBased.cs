using System.Linq.Expressions;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Muster.Data;

/// <summary>INSERT … SELECT and bulk inserts, which EF Core does not have: the only file that knows linq2db. Everything runs on EF's connection, inside EF's transaction.</summary>
public static class SetBased
{
    /// <summary>Makes linq2db read EF's model; called once at start.</summary>
    public static void Initialise() => LinqToDBForEFTools.Initialize();

    /// <summary>Inserts one row for each row of the query, in one statement on the database.</summary>
    /// <returns>How many rows were inserted.</returns>
    public static Task<int> InsertInto<TSource, TTarget>(
        this IQueryable<TSource> source,
        DbSet<TTarget> table,
        Expression<Func<TSource, TTarget>> row,
        CancellationToken ct
    )
        where TTarget : class => source.InsertAsync(table.ToLinqToDBTable(), row, ct);

    /// <summary>Inserts rows made in memory: COPY on PostgreSQL, a prepared statement on SQLite.</summary>
    public static Task BulkInsert<T>(this MusterDb db, IReadOnlyCollection<T> rows, CancellationToken ct)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Count == 0 ? Task.CompletedTask
            : db.IsSqlite ? PreparedInsert.Run(db, rows, ct)
            : db.BulkCopyAsync(new BulkCopyOptions { BulkCopyType = BulkCopyType.ProviderSpecific, KeepIdentity = true }, rows, ct);
    }
}
