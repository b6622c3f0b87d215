using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;

namespace Muster.Cli;

/// <summary>Who is selected, and the file to put if it is one.</summary>
internal sealed record ChosenUsers(Selection Selection, FileInfo? File);

/// <summary>The ways to say who.</summary>
internal sealed class SelectionOptions
{
    private const string FieldTerm = "field.";

    private readonly Option<string[]> filter = new("--filter")
    {
        Description =
            "Who matches: search=, role=, status= (several with commas), unit= (path or id), unitsBelow=false, group= and course= (name or id; who has an open attempt), field.NAME= (a value, or a range such as 5..10), invited=, registered=, lastActive= and expires= (days, such as 2026-01-01..2026-02-28, ..2026-02-28, 2026-01-01..). All given must hold.",
    };
    private readonly Option<bool> everybody = new("--all") { Description = "Everybody, archived and cancelled included." };
    private readonly Option<string[]> emails = new("--emails")
    {
        Description = "These addresses, with commas between; - reads lines from the input.",
    };
    private readonly Option<string[]> users = new("--users") { Description = "These user ids, with commas between." };
    private readonly Option<FileInfo?> file = new("--file") { Description = "The rows of a CSV or XLSX file." };

    public void AddTo(Command command)
    {
        command.Options.Add(filter);
        command.Options.Add(everybody);
        command.Options.Add(emails);
        command.Options.Add(users);
        command.Options.Add(file);
    }

    public async Task<ChosenUsers> Read(ParseResult parsed, OperationWork work, CancellationToken ct)
    {
        var ways = new List<ChosenUsers>();
        if (parsed.GetValue(filter) is { Length: > 0 } terms)
        {
            ways.Add(new(new Selection { Filter = await FilterOf(terms, work, ct) }, null));
        }

        if (parsed.GetValue(everybody))
        {
            ways.Add(new(new Selection { Filter = new UserFilter() }, null));
        }

        if (parsed.GetValue(emails) is { Length: > 0 } addresses)
        {
            var lines = addresses is ["-"]
                ? (await Console.In.ReadToEndAsync(ct)).Split('\n')
                : addresses.SelectMany(text => text.Split(','));
            ways.Add(new(new Selection { Emails = [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0)] }, null));
        }

        if (parsed.GetValue(users) is { Length: > 0 } ids)
        {
            ways.Add(new(new Selection { Users = [.. ids.SelectMany(text => text.Split(',')).Select(text => Id(text, "--users"))] }, null));
        }

        if (parsed.GetValue(file) is { } upload)
        {
            ways.Add(
                upload.Exists
                    ? new(new Selection { File = true }, upload)
                    : throw new RefusedException($"There is no file {upload.FullName}.")
            );
        }

        return ways.Count == 1 ? ways[0] : throw new RefusedException("Say who, in one way: --filter, --all, --emails, --users or --file.");
    }

    /// <summary>A list's filter from terms such as <c>role=learner</c>.</summary>
    public static async Task<UserFilter> FilterOf(IReadOnlyList<string> terms, OperationWork work, CancellationToken ct)
    {
        var result = new UserFilter();
        foreach (var term in terms)
        {
            var (name, value) = term.Split('=', 2) is [var n, var v]
                ? (n.Trim(), v.Trim())
                : throw new RefusedException($"'{term}' is not a filter; write it as name=value, for example role=learner.");
            if (name.StartsWith(FieldTerm, StringComparison.OrdinalIgnoreCase))
            {
                result = result with { Field = await FieldOf(name[FieldTerm.Length..], value, work, ct) };
                continue;
            }

            result = name.ToUpperInvariant() switch
            {
                "SEARCH" => result with { Search = value },
                "ROLE" => result with { Role = Word<ProfileRole>(value, name) },
                "STATUS" => result with { Status = [.. value.Split(',').Select(word => Word<StatusFilter>(word.Trim(), name))] },
                "UNIT" => result with { Unit = await UnitOf(value, work, ct) },
                "UNITSBELOW" => result with { UnitsBelow = value is "true" or "yes" },
                "GROUP" => result with { Group = await ParameterWords.Group(work.Host, work.Workspace.Id, value, ct) },
                "COURSE" => result with { Course = await ParameterWords.Course(work.Host, work.Workspace.Id, value, ct) },
                "INVITED" => result with { Invited = Days(value, name) },
                "REGISTERED" => result with { Registered = Days(value, name) },
                "LASTACTIVE" => result with { LastActive = Days(value, name) },
                "EXPIRES" => result with { Expires = Days(value, name) },
                _ => throw new RefusedException(
                    $"There is no filter '{name}'. There are: search, role, status, unit, unitsBelow, group, course, field.NAME, invited, registered, lastActive, expires."
                ),
            };
        }

        return result.Wrong() is (_, { } sentence) ? throw new RefusedException(sentence) : result;
    }

    private static DayRange Days(string text, string name)
    {
        var (from, to) = Ends(text);
        return new(Day(from, name), Day(to, name));
    }

    private static DateOnly? Day(string? text, string name) =>
        text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new RefusedException($"'{text}' is no day for {name}; write it like 2026-11-23, or two with .. between them.");

    private static async Task<FieldFilter> FieldOf(string name, string value, OperationWork work, CancellationToken ct)
    {
        await using var db = work.Host.Databases.Open(work.Workspace.Id);
        var key = Names.Fold(name);
        var id = await db
            .Fields.Where(f => f.WorkspaceId == work.Workspace.Id && f.NameKey == key)
            .Select(f => (long?)f.Id)
            .FirstOrDefaultAsync(ct);
        var field = new FieldFilter(id ?? throw new RefusedException($"There is no custom field '{name}' in this workspace."));
        if (!value.Contains("..", StringComparison.Ordinal))
        {
            return field with { Is = value };
        }

        var (from, to) = Ends(value);
        return field with { From = from, To = to };
    }

    /// <summary>The ends of <c>from..to</c>, either of which may be left out; without dots both are the same.</summary>
    private static (string? From, string? To) Ends(string text)
    {
        var ends = text.Split("..", 2, StringSplitOptions.TrimEntries);
        string? Given(string end) => end.Length > 0 ? end : null;
        return (Given(ends[0]), Given(ends[^1]));
    }

    private static async Task<long> UnitOf(string text, OperationWork work, CancellationToken ct)
    {
        await using var db = work.Host.Databases.Open(work.Workspace.Id);
        var key = Names.Fold(text);
        var isId = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        var found = await db
            .Units.Where(u => u.WorkspaceId == work.Workspace.Id && (u.PathKey == key || (isId && u.Id == id)))
            .Select(u => (long?)u.Id)
            .FirstOrDefaultAsync(ct);
        return found ?? throw new RefusedException($"There is no organisation unit '{text}'; write its whole path, such as Sales / North.");
    }

    private static long Id(string text, string option) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new RefusedException($"'{text}' after {option} is not an id.");

    private static T Word<T>(string text, string name)
        where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(word => string.Equals(word, text, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Enum.Parse<T>(found)
            : throw new RefusedException(
                $"'{text}' is no {name}. There are: {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}."
            );
}
