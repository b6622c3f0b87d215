using Muster.Bulk;

namespace Muster.Web;

/// <summary>Who may approve an operation, in words.</summary>
internal static class ApproverWords
{
    /// <summary>A sentence that follows "Another administrator must approve this."</summary>
    public static string Of(Approvers approvers) =>
        approvers switch
        {
            { Count: 0 } =>
                "There is nobody else who may: it waits until there is another administrator with at least the rights of whoever began it.",
            { Told: 0 } => "Only Site Admins who are no users of this workspace may, and they get no e-mail: tell one of them.",
            { Told: var told } => $"{Words.Count(told, "administrator is", "administrators are")} told by e-mail.",
        };
}
