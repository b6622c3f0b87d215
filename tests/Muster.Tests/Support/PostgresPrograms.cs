namespace Muster.Tests;

/// <summary>PostgreSQL's programs as Debian installs them, the newest version; as root they run as its package's own user, for PostgreSQL refuses root.</summary>
public static class PostgresPrograms
{
    private const string Installed = "/usr/lib/postgresql";
    private const string User = "postgres";
    private static readonly Lazy<string> Folder = new(Find);

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>The command line that starts a program, the program's own path or another user's switch first.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed.</exception>
    public static string[] Line(string program, params IEnumerable<string> arguments)
    {
        string[] asOther = IsRoot ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups"] : [];
        return [.. asOther, Path.Combine(Folder.Value, program), .. arguments];
    }

    /// <summary>Runs a program to its end.</summary>
    public static Task<CommandResult> Run(string program, params IEnumerable<string> arguments)
    {
        var line = Line(program, arguments);
        return Command.Run(line[0], line[1..]);
    }

    /// <summary>Makes the databases of a new server below a folder, which is given to whoever runs the programs; the superuser is <c>postgres</c>, without a password.</summary>
    /// <returns>The server's data folder.</returns>
    public static async Task<string> InitDb(string folder, params IEnumerable<string> more)
    {
        if (IsRoot)
        {
            (await Command.Run("chown", [$"{User}:", folder])).OrThrow("chown");
        }

        var data = Path.Combine(folder, "data");
        string[] usual = [$"--pgdata={data}", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"];
        (await Run("initdb", [.. usual, .. more])).OrThrow("initdb");
        return data;
    }

    private static string Find() =>
        (Directory.Exists(Installed) ? Directory.GetDirectories(Installed) : [])
            .Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
            .OrderByDescending(bin => bin, StringComparer.Ordinal)
            .FirstOrDefault()
        ?? throw new InvalidOperationException("PostgreSQL is not installed: ./test.sh installs it (Debian package postgresql).");
}
