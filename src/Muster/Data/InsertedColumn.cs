using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Muster.Data;

/// <summary>A column that bulk inserts fill.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type without length or precision, as the database calls it.</param>
/// <param name="Read">The value of a row as the database keeps it; null for NULL.</param>
internal sealed record InsertedColumn(string Name, string Type, Func<object, object?> Read)
{
    /// <summary>Those of a table, but for the ones that the database works out.</summary>
    public static List<InsertedColumn> Of(IEntityType entity) =>
        [
            .. entity
                .GetProperties()
                .Where(property => property.GetComputedColumnSql() is null)
                .Select(property =>
                {
                    var (getter, mapping) = (property.GetGetter(), property.GetRelationalTypeMapping());
                    return new InsertedColumn(
                        property.GetColumnName(),
                        mapping.StoreTypeNameBase,
                        mapping.Converter?.ConvertToProvider is { } convert
                            ? row => getter.GetClrValue(row) is { } value ? convert(value) : null
                            : getter.GetClrValue
                    );
                }),
        ];
}
