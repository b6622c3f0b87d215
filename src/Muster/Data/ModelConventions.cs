using System.Linq.Expressions;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Muster.Data;

/// <summary>What holds for every table: snake_case names, no identity columns, no cascades, UTC times, and the workspace filter.</summary>
internal static class ModelConventions
{
    /// <summary>Name of the filter that keeps a query inside <see cref="MusterDb.WorkspaceId"/>.</summary>
    public const string WorkspaceFilter = "workspace";

    public static void Apply(ModelBuilder builder, MusterDb db)
    {
        foreach (var entity in builder.Model.GetEntityTypes())
        {
            entity.SetTableName(Snake(entity.GetTableName()!.Replace("AspNetUser", "Account", StringComparison.Ordinal)));
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(Snake(property.Name));
                SetTime(property, db.IsSqlite);
                if (!db.IsSqlite && property.Name == nameof(People.Profile.SortName))
                {
                    // Folded text sorts by code point on both databases, and so does the program.
                    property.SetCollation("C");
                }

                if (property.Name == nameof(People.FieldValue.TextKey))
                {
                    // SQLite works it out where it is in the index; PostgreSQL can only keep it.
                    property.SetComputedColumnSql("lower(text)");
                    property.SetIsStored(!db.IsSqlite);
                }
            }

            foreach (var key in entity.GetKeys())
            {
                key.SetName(Snake(key.GetDefaultName()!));
            }

            foreach (var index in entity.GetIndexes())
            {
                index.SetDatabaseName(index.Name ?? Snake(index.GetDefaultDatabaseName()!));
            }

            foreach (var foreignKey in entity.GetForeignKeys())
            {
                foreignKey.SetConstraintName(Snake(foreignKey.GetDefaultName()!));
                foreignKey.DeleteBehavior = DeleteBehavior.Restrict;
            }

            if (entity.FindProperty("WorkspaceId") is not null && entity.ClrType.Namespace!.StartsWith("Muster", StringComparison.Ordinal))
            {
                foreach (var property in entity.FindPrimaryKey()!.Properties)
                {
                    property.ValueGenerated = ValueGenerated.Never;
                }

                AddWorkspaceFilter(builder, entity, db);
            }
        }
    }

    private static void AddWorkspaceFilter(ModelBuilder builder, IMutableEntityType entity, MusterDb db)
    {
        var row = Expression.Parameter(entity.ClrType, "row");
        var filter = Expression.Lambda(
            Expression.Equal(
                Expression.Property(row, "WorkspaceId"),
                Expression.Property(Expression.Constant(db, typeof(MusterDb)), nameof(MusterDb.WorkspaceId))
            ),
            row
        );
        builder.Entity(entity.ClrType).HasQueryFilter(WorkspaceFilter, filter);
    }

    /// <summary>Times are UTC everywhere; SQLite keeps them as microseconds since 1970, which compares as a number and is as exact as PostgreSQL.</summary>
    private static void SetTime(IMutableProperty property, bool sqlite)
    {
        if (sqlite && (property.ClrType == typeof(DateTime) || property.ClrType == typeof(DateTime?)))
        {
            property.SetValueConverter(UtcMicroseconds);
        }
    }

    private static readonly ValueConverter<DateTime, long> UtcMicroseconds = new(
        time => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        value => new DateTime(DateTime.UnixEpoch.Ticks + (value * TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc)
    );

    private static string Snake(string name)
    {
        var snake = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (
                char.IsUpper(name[i])
                && i > 0
                && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])))
            )
            {
                snake.Append('_');
            }

            snake.Append(char.ToLowerInvariant(name[i]));
        }

        return snake.ToString();
    }
}
