using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Muster.Data;

/// <summary>A column that bulk inserts fill.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Property">What it keeps.</param>
internal sealed record InsertedColumn(string Name, IProperty Property)
{
    /// <summary>Those of a table, but for the ones that the database works out.</summary>
    public static List<InsertedColumn> Of(IEntityType entity) =>
        [
            .. entity
                .GetProperties()
                .Where(property => property.GetComputedColumnSql() is null)
                .Select(property => new InsertedColumn(property.GetColumnName(), property)),
        ];

    /// <summary>
    /// Compiles what hands the values of a row to a writer, each as the database keeps it and without boxing: by reflection and objects a row of five numbers cost
    /// more than its place in the table.
    /// </summary>
    /// <param name="columns">In the order in which they are written.</param>
    /// <param name="value">The call that writes a value: of the writer, the column's index, and the value.</param>
    /// <param name="none">The call that writes NULL: of the writer and the column's index.</param>
    public static Action<TWriter, TRow> Compile<TWriter, TRow>(
        IReadOnlyList<InsertedColumn> columns,
        Func<Expression, int, Expression, Expression> value,
        Func<Expression, int, Expression> none
    )
    {
        var (writer, row) = (Expression.Parameter(typeof(TWriter), "writer"), Expression.Parameter(typeof(TRow), "row"));
        var written = columns.Select(
            Expression (column, index) =>
            {
                var read = Expression.Property(row, column.Property.PropertyInfo!);
                var isNullable = Nullable.GetUnderlyingType(read.Type) is not null;
                var there = isNullable ? Expression.Property(read, nameof(Nullable<>.Value)) : (Expression)read;
                var converter = column.Property.GetRelationalTypeMapping().Converter;
                var kept = converter is null ? there : Expression.Invoke(converter.ConvertToProviderExpression, there);
                return read.Type.IsValueType && !isNullable
                    ? value(writer, index, kept)
                    : Expression.IfThenElse(
                        Expression.Equal(read, Expression.Constant(null, read.Type)),
                        none(writer, index),
                        value(writer, index, kept)
                    );
            }
        );
        return Expression.Lambda<Action<TWriter, TRow>>(Expression.Block(written), writer, row).Compile();
    }
}
