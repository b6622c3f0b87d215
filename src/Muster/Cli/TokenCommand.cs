using System.CommandLine;
using Muster.Access;
using Muster.People;

namespace Muster.Cli;

/// <summary><c>muster token create</c>.</summary>
internal static class TokenCommand
{
    public static Command Create() => new("token", "Keys for the API.") { CreateToken() };

    private static Command CreateToken()
    {
        var workspace = new Option<string>("--workspace") { Description = "Name or id of the workspace it is for.", Required = true };
        var role = new Option<ProfileRole>("--role")
        {
            Description = "What its bearer may do: admin, manager or learner.",
            DefaultValueFactory = _ => ProfileRole.Admin,
        };
        var name = new Option<string>("--name")
        {
            Description = "What it is for, shown in lists and in the history.",
            DefaultValueFactory = _ => "Command line",
        };
        var days = new Option<int?>("--days") { Description = "Ends by itself after so many days; without it, never." };
        var command = new Command(
            "create",
            """
            Makes a token for the API and prints it, once: only its hash is stored.
              muster token create --workspace "Northwind Care" --role admin --name "Staff system"
              curl -H "Authorization: Bearer TOKEN" http://127.0.0.1:5000/api/v1/workspaces/1/users
            """
        )
        {
            workspace,
            role,
            name,
            days,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using var host = await CommandHost.Open(ct);
                var place = await host.Workspace(parsed.GetRequiredValue(workspace), ct);
                var ends = parsed.GetValue(days) is { } count ? host.Clock.Now().AddDays(count) : (DateTime?)null;
                var token = await host.Get<ApiTokens>()
                    .Create(Actors.CommandLine(place.Id), parsed.GetValue(name)!, parsed.GetValue(role), ends, null, ct);
                // Alone on the line, so that a script can take it as it is.
                await Console.Out.WriteLineAsync(token.Text);
                await Console.Error.WriteLineAsync(
                    $"The token is for {place.Name} (workspace {place.Id}). It is shown only this once; keep it like a password."
                );
                return ExitCode.Done;
            }
        );
        return command;
    }
}
