using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Muster.Access;
using Muster.Data;
using Muster.People;
using Npgsql;
using Xunit;

namespace Muster.Tests;

/// <summary>
/// Every key, unique index and foreign key begins with the workspace: that keeps tenants apart and is what a database distributed by workspace
/// needs. Ids come from the program, never from a database's identity, so that one statement can hand them out anywhere.
/// </summary>
public sealed class ModelTests(PostgresServer postgres)
{
    private const string Workspace = "workspace_id";

    // Accounts and the site itself are above workspaces.
    private static readonly Type[] AboveWorkspaces =
    [
        typeof(Account),
        typeof(IdentityUserClaim<long>),
        typeof(IdentityUserLogin<long>),
        typeof(IdentityUserToken<long>),
        typeof(IdentityUserPasskey<long>),
        typeof(Workspace),
        typeof(DataProtectionKey),
    ];

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public void Keys_unique_indexes_and_foreign_keys_begin_with_the_workspace(DatabaseKind kind)
    {
        var broken =
            from entity in Workspaced(kind)
            from columns in entity
                .GetKeys()
                .Select(key => key.Properties)
                .Concat(entity.GetIndexes().Where(index => index.IsUnique).Select(index => index.Properties))
                .Concat(entity.GetForeignKeys().Select(foreignKey => foreignKey.Properties))
            where columns[0].GetColumnName() != Workspace
            select $"{entity.GetTableName()} ({string.Join(", ", columns.Select(column => column.GetColumnName()))})";

        Assert.Empty(broken);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public void Every_table_of_a_workspace_is_filtered_by_it_and_leaves_ids_to_the_program(DatabaseKind kind)
    {
        Assert.All(
            Workspaced(kind),
            entity =>
            {
                Assert.True(entity.GetDeclaredQueryFilters().Count > 0, $"{entity.GetTableName()} has no filter");
                Assert.All(entity.FindPrimaryKey()!.Properties, key => Assert.Equal(ValueGenerated.Never, key.ValueGenerated));
            }
        );
    }

    [Fact]
    public async Task The_real_database_keeps_the_rule_too_whatever_made_its_indexes()
    {
        await using var database = await TestDatabase.Create(DatabaseKind.Postgres, postgres);
        var above = Model(DatabaseKind.Postgres)
            .GetEntityTypes()
            .Where(entity => AboveWorkspaces.Contains(entity.ClrType))
            .Select(entity => entity.GetTableName())
            .Append("__EFMigrationsHistory")
            .ToArray();

        await using var connection = new NpgsqlConnection(database.Options.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            SELECT r.relname || ': ' || pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid
            JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = i.indkey[0]
            WHERE r.relnamespace = 'public'::regnamespace AND i.indisunique AND a.attname <> 'workspace_id' AND NOT r.relname = ANY (@above)
            UNION ALL
            SELECT table_name || ': ' || column_name || ' is numbered by the database' FROM information_schema.columns
            WHERE table_schema = 'public' AND (is_identity = 'YES' OR column_default LIKE 'nextval%') AND NOT table_name = ANY (@above)
            UNION ALL
            SELECT c.relname || ': trigger ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
            """,
            connection
        );
        command.Parameters.AddWithValue("above", above);
        var broken = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            broken.Add(reader.GetString(0));
        }

        Assert.Empty(broken);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public void Migrations_are_up_to_date_with_the_model(DatabaseKind kind)
    {
        using var db = Context(kind);

        Assert.False(db.Database.HasPendingModelChanges(), $"Make the {kind} migration anew (CONTRIBUTING.md says how)");
    }

    [Fact]
    public void Both_databases_have_the_same_tables_and_columns() =>
        Assert.Equal(Columns(DatabaseKind.Sqlite), Columns(DatabaseKind.Postgres));

    private static List<string> Columns(DatabaseKind kind) =>
        [
            .. Model(kind)
                .GetEntityTypes()
                .SelectMany(entity => entity.GetProperties(), (entity, property) => $"{entity.GetTableName()}.{property.GetColumnName()}")
                .Order(StringComparer.Ordinal),
        ];

    private static List<IEntityType> Workspaced(DatabaseKind kind)
    {
        var entities = Model(kind).GetEntityTypes().Where(entity => !AboveWorkspaces.Contains(entity.ClrType)).ToList();
        Assert.True(entities.Count > 20, "The model has lost its tables");
        return entities;
    }

    private static IModel Model(DatabaseKind kind)
    {
        using var db = Context(kind);
        return db.GetService<IDesignTimeModel>().Model;
    }

    private static MusterDb Context(DatabaseKind kind) =>
        TestDatabase.NewContext(
            kind == DatabaseKind.Sqlite ? new(IsSqlite: true, "Data Source=:memory:") : new(IsSqlite: false, "Host=127.0.0.1")
        );
}
