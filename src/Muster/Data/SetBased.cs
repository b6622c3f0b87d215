using System.Data.Common;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace Muster.Data;

/// <summary>INSERT … SELECT and bulk inserts, which EF Core does not have. Everything runs on EF's connection, inside EF's transaction.</summary>
public static class SetBased
{
    /// <summary>Inserts one row for each row of the query, in one statement on the database.</summary>
    /// <param name="source">The query.</param>
    /// <param name="table">The table.</param>
    /// <param name="row">
    /// An object initialiser without method calls, which EF would make after the database. Columns it does not name get their default. Two columns that come to the
    /// same SQL although they are written differently are refused.
    /// </param>
    /// <param name="ct">Cancels.</param>
    /// <returns>How many rows were inserted.</returns>
    public static async Task<int> InsertInto<TSource, TTarget>(
        this IQueryable<TSource> source,
        DbSet<TTarget> table,
        Expression<Func<TSource, TTarget>> row,
        CancellationToken ct
    )
        where TTarget : class
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(row);
        var db = table.GetService<ICurrentDbContext>().Context;
        var entity = db.Model.FindEntityType(typeof(TTarget))!;
        var values = new List<Assigned>();
        foreach (var binding in ((MemberInitExpression)row.Body).Bindings.Cast<MemberAssignment>())
        {
            var twin = values.Find(v =>
                v.IsOfRow && ExpressionEqualityComparer.Instance.Equals(Bare(v.Binding.Expression), Bare(binding.Expression))
            );
            values.Add(
                new(binding, entity.FindProperty(binding.Member.Name)!, twin?.Alias ?? binding.Member.Name, IsOf(row, binding.Expression))
            );
        }

        // EF translates what depends on the row, each once and under its member's name; what does not is a parameter of the statement.
        var selected = Expression.MemberInit(
            ((MemberInitExpression)row.Body).NewExpression,
            values.Where(v => v.IsOfRow && v.Alias == v.Binding.Member.Name).Select(v => v.Binding)
        );
        using var select = source.Select(Expression.Lambda<Func<TSource, TTarget>>(selected, row.Parameters)).CreateDbCommand();
        var parameters = select.Parameters.Cast<DbParameter>().ToList();
        select.Parameters.Clear();
        var names = db.GetService<ISqlGenerationHelper>();
        var columns = string.Join(", ", values.Select(v => names.DelimitIdentifier(v.Property.GetColumnName())));
        var sources = string.Join(", ", values.Select((v, i) => v.IsOfRow ? Column(select, v) : Parameter(select, v, i, parameters)));
        var statement =
            $"INSERT INTO {names.DelimitIdentifier(entity.GetTableName()!)} ({columns})\nSELECT {sources}\nFROM (\n{select.CommandText}\n) AS source";
        var escaped = statement.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
        return await db.Database.ExecuteSqlRawAsync(escaped, parameters, ct);
    }

    /// <summary>Inserts rows made in memory: COPY on PostgreSQL, a prepared statement on SQLite.</summary>
    public static Task BulkInsert<T>(this MusterDb db, IReadOnlyCollection<T> rows, CancellationToken ct)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Count == 0 ? Task.CompletedTask
            : db.IsSqlite ? PreparedInsert.Run(db, rows, ct)
            : BinaryCopy.Run(db, rows, ct);
    }

    private static string Column(DbCommand select, Assigned value)
    {
        // What comes before the first FROM at the beginning of a line; those within are indented.
        var selected = select.CommandText.AsSpan(0, Math.Max(0, select.CommandText.IndexOf("\nFROM ", StringComparison.Ordinal)));
        return
            selected.Contains($" AS \"{value.Alias}\"", StringComparison.Ordinal)
            || selected.Contains($".\"{value.Alias}\"", StringComparison.Ordinal)
            ? $"source.\"{value.Alias}\""
            : throw new InvalidOperationException(
                $"{value.Property.DeclaringType.DisplayName()}.{value.Alias} was not translated, or comes to the same SQL as another column; write both in the same way."
            );
    }

    private static string Parameter(DbCommand select, Assigned value, int index, List<DbParameter> parameters)
    {
        var given = Expression.Lambda<Func<object?>>(Expression.Convert(value.Binding.Expression, typeof(object))).Compile(true)();
        if (given is null)
        {
            return "NULL";
        }

        var parameter = value.Property.GetRelationalTypeMapping().CreateParameter(select, $"@inserted_{index}", given);
        parameters.Add(parameter);
        return parameter.ParameterName;
    }

    /// <summary>Without conversions, which SQL does not see.</summary>
    private static Expression Bare(Expression value) =>
        value is UnaryExpression { NodeType: ExpressionType.Convert } converted ? Bare(converted.Operand) : value;

    private static bool IsOf(LambdaExpression row, Expression value)
    {
        var seen = new Seen(row.Parameters[0]);
        seen.Visit(value);
        return seen.Found;
    }

    /// <summary>A column and what is assigned to it.</summary>
    private sealed record Assigned(MemberAssignment Binding, IProperty Property, string Alias, bool IsOfRow);

    private sealed class Seen(ParameterExpression row) : ExpressionVisitor
    {
        public bool Found { get; private set; }

        protected override Expression VisitMethodCall(MethodCallExpression node) =>
            throw new InvalidOperationException($"{node.Method.Name} cannot be called here; call it in the query.");

        protected override Expression VisitParameter(ParameterExpression node)
        {
            Found |= node == row;
            return node;
        }
    }
}
