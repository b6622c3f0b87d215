using Muster.Bulk;

namespace Muster.Actions;

/// <summary>Downloads every user of the workspace; <see cref="People.UserExport"/> writes the file.</summary>
public sealed class ExportUsers : DownloadAction
{
    public override string Key => "export-users";
    public override string Title => "Export all users to CSV";
    public override ActionCategory Category => ActionCategory.UserProfile;
    public override int MenuPosition => 30;
    public override string Sentence =>
        "Downloads everybody in this workspace, archived and cancelled included, as a file for a spreadsheet.";
    public override string Path => "users.csv";
}
