using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Muster.Bulk;

/// <summary>Tells trouble that is nobody's fault (database away, disk full, locks), which is waited out, from an error that some user of a chunk causes.</summary>
internal static class Troubles
{
    /// <summary>Whether it, or what caused it, is the database's or the disk's trouble.</summary>
    public static bool Contain(Exception e) => IsBroken(e) || Pass(e);

    /// <summary>Whether such trouble may be over when somebody tries again: not that of a database file that cannot be read or written any more.</summary>
    public static bool Pass(Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            // SQLite: 5 busy, 6 locked, 10 disk I/O, 13 full, 14 cannot open. PostgreSQL: IsTransient says so; 53 and 58 are resources and disk, 57 shutdown.
            if (
                inner is SqliteException { SqliteErrorCode: 5 or 6 or 10 or 13 or 14 }
                || inner is DbException { IsTransient: true }
                || inner is Npgsql.NpgsqlException and not Npgsql.PostgresException
                || (inner is Npgsql.PostgresException { SqlState: var state } && state[..2] is "53" or "57" or "58")
                || inner is IOException or TimeoutException
            )
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>SQLite: 8 read-only, 11 corrupt, 26 no database.</summary>
    private static bool IsBroken(Exception? e) =>
        e is not null && (e is SqliteException { SqliteErrorCode: 8 or 11 or 26 } || IsBroken(e.InnerException));
}
