using Microsoft.Data.Sqlite;

namespace Muster.Data;

/// <summary>Which database to use, read from <c>Muster__Database</c>: <c>sqlite:PATH</c> or <c>postgres:CONNECTION STRING</c>.</summary>
/// <param name="IsSqlite">True for the embedded database.</param>
/// <param name="ConnectionString">The provider's own connection string.</param>
public sealed record DatabaseOptions(bool IsSqlite, string ConnectionString)
{
    /// <summary>The embedded database of a first run.</summary>
    public const string Default = "sqlite:data/muster.db";

    /// <summary>Where the embedded database lies.</summary>
    public string SqlitePath => new SqliteConnectionStringBuilder(ConnectionString).DataSource;

    /// <summary>Reads the setting.</summary>
    /// <exception cref="FormatException">The setting names neither database; the message says what would be right.</exception>
    public static DatabaseOptions Parse(string? setting)
    {
        var text = string.IsNullOrWhiteSpace(setting) ? Default : setting.Trim();
        if (text.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase) && text.Length > 7)
        {
            var path = Path.GetFullPath(text[7..]);
            return new(true, $"Data Source={path};Foreign Keys=True;Default Timeout=30");
        }

        if (text.StartsWith("postgres:", StringComparison.OrdinalIgnoreCase) && text.Length > 9)
        {
            return new(false, text[9..]);
        }

        throw new FormatException(
            $"Muster__Database is '{text}'; it must be 'sqlite:PATH' or 'postgres:CONNECTION STRING', for example 'sqlite:data/muster.db'."
        );
    }
}
