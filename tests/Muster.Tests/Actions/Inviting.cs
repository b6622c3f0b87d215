using Muster.Bulk;

namespace Muster.Tests;

/// <summary>Lists of people to invite, and the run that invites them.</summary>
internal static class Inviting
{
    public const string Action = "invite-users";
    public const string Header = "Email,First name,Last name,Role,Organisation unit,Groups,Manages,Expiry date";

    public static async Task<Operation> Run(Stage stage, params string[] lines) =>
        await stage.Pipeline.Run(stage.Given.Admin, await stage.Pipeline.Preview(stage.Given.Admin, Action, InvitationFile.Csv(lines)));
}
