using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Muster.Bulk;

namespace Muster.Cli;

/// <summary><c>muster docs</c>: the reference of every action, from the actions themselves.</summary>
internal static class DocsCommand
{
    public static Command Create()
    {
        var output = new Option<FileInfo?>("--output") { Description = "The file to write; without it, the standard output." };
        var command = new Command("docs", "Writes docs/actions.md: every bulk action with its parameters and reasons.") { output };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using var host = CommandHost.Build();
                var text = Markdown(host.Get<ActionCatalog>());
                if (parsed.GetValue(output) is { } file)
                {
                    await File.WriteAllTextAsync(file.FullName, text, ct);
                }
                else
                {
                    await Console.Out.WriteAsync(text);
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>The text of the file.</summary>
    public static string Markdown(ActionCatalog catalog)
    {
        var text = new StringBuilder();
        text.Append(
            """
            # Actions

            Written by `muster docs --output docs/actions.md` from the actions themselves; do not edit.
            Every action is named by its key in the API (`"action": "…"`) and on the command line (`muster operation run KEY`).

            """
        );
        foreach (var action in catalog.All)
        {
            Write(text, action);
        }

        text.Append("\n## Reasons every action may give\n\n");
        Reasons(text, CommonReasons.All);
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Write(StringBuilder text, BulkAction action)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {action.Title}\n\n`{action.Key}`. {action.Sentence}\n");
        if (action is DownloadAction download)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\nA download, not an operation: `GET …/{download.Path}` (or `.xlsx`), `muster users export`.\n"
            );
            return;
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n- Users from: {string.Join(", ", Ways(action))}\n- Takes something away: {(action.TakesAwayByParameters ? "depends on the parameters" : Answer(action.IsDestructive))}\n- Can be undone: {Answer(action.IsReversible)}\n"
        );
        var parameters = action.ParametersType.GetProperties();
        if (parameters.Length > 0)
        {
            text.Append("\n| parameter | kind | |\n| --- | --- | --- |\n");
            foreach (var parameter in parameters)
            {
                var needed = parameter.GetCustomAttribute<RequiredAttribute>() is null ? "" : "needed";
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| `{JsonNamingPolicy.CamelCase.ConvertName(parameter.Name)}` | {Kind(parameter.PropertyType)} | {needed} |\n"
                );
            }
        }

        var own = action.Reasons.Except(CommonReasons.All).ToList();
        if (own.Count > 0)
        {
            text.Append('\n');
            Reasons(text, own);
        }
    }

    private static void Reasons(StringBuilder text, IReadOnlyList<Reason> reasons)
    {
        text.Append("| reason | |\n| --- | --- |\n");
        foreach (var reason in reasons)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{reason.Code}` | {reason.Sentence} |\n");
        }
    }

    private static IEnumerable<string> Ways(BulkAction action) =>
        Enum.GetValues<SelectionWays>()
            .Where(way => way != SelectionWays.All && action.Ways.HasFlag(way))
            .Select(way =>
                way switch
                {
                    SelectionWays.List => "the users list",
                    SelectionWays.File => "a file",
                    SelectionWays.Emails => "pasted e-mails",
                    _ => "an earlier operation",
                }
            );

    private static string Kind(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare.IsGenericType)
        {
            return $"list of {Kind(bare.GetGenericArguments()[0])}";
        }

        return bare switch
        {
            _ when bare == typeof(long) => "id",
            _ when bare == typeof(int) => "number",
            _ when bare == typeof(bool) => "true or false",
            _ when bare == typeof(DateOnly) => "date",
            _ when bare.IsEnum => string.Join(", ", Enum.GetNames(bare).Select(JsonNamingPolicy.CamelCase.ConvertName)),
            _ => "text",
        };
    }

    private static string Answer(bool yes) => yes ? "yes" : "no";
}
