using Xunit;

namespace Muster.Tests;

/// <summary>Which folder may know which, and what a file may look like (docs/adr, CONTRIBUTING.md). Dependencies point one way.</summary>
public sealed class DependencyTests
{
    private const int LongestFile = 300;
    private const string VagueSuffix = "Manager|Helper|Helpers|Util|Utils|Utility|Utilities|Impl";

    private static readonly string[] Areas =
    [
        "Actions",
        "Bulk",
        "People",
        "Learning",
        "Access",
        "Files",
        "Mail",
        "Data",
        "Web",
        "Api",
        "Cli",
    ];

    // Work across workspaces: dispatch, the list of them, rights (which name the workspace themselves), the reader's own workspaces, the mail queue, the demonstration.
    private static readonly string[] AcrossWorkspaces =
    [
        "Access/Actors.cs",
        "Bulk/Schedules.cs",
        "Bulk/WaitingWork.cs",
        "Bulk/WorkspaceLeases.cs",
        "Cli/Demo/DemoSite.cs",
        "Mail/Outbox.cs",
        "Mail/OutboxClaims.cs",
        "People/SiteWorkspaces.cs",
        "Web/MyWorkspaces.cs",
    ];

    // Statements that the model's filter does not reach; each of them names its workspace, or none of its tables is of one.
    private static readonly string[] PastTheModel =
    [
        "Bulk/ChunkExecutor.cs",
        "Bulk/WorkspaceLeases.cs",
        "Data/DatabaseCopy.cs",
        "Data/FileContents.cs",
        "Data/Ids.cs",
        "Data/PreparedInsert.cs",
        "Data/Schema.cs",
        "Data/SchemaUpgrade.cs",
        "Data/SetBased.cs",
        "Data/SqlitePragmas.cs",
        "Learning/PresentMembers.cs",
        "Learning/Seats.cs",
        "People/Memberships.cs",
        "People/ProfileLocks.cs",
        "People/UserQuery.cs",
    ];

    [Fact]
    public void Nothing_outside_Actions_names_an_action() => Hold(NamesAnAction);

    [Fact]
    public void The_pipeline_the_domain_and_the_data_do_not_know_how_they_are_shown() => Hold(KnowsASurface);

    [Fact]
    public void The_workspace_filter_is_lifted_in_known_places_only() => Hold(LiftsTheWorkspaceFilter);

    [Fact]
    public void Statements_past_the_model_stand_in_known_places_only() => Hold(AsksPastTheModel);

    [Fact]
    public void Actions_neither_loop_nor_save_nor_open_transactions_nor_queue() => Hold(DoesThePipelinesWork);

    [Fact]
    public void Files_stay_short_enough_to_read() => Hold(IsTooLong);

    [Fact]
    public void Names_say_what_a_thing_is() => Hold(IsNamedVaguely);

    [Fact]
    public void A_namespace_is_the_first_folder_and_no_type_shares_its_name() => Hold(IsInAnotherNamespace);

    [Fact]
    public void Folders_are_the_ones_the_architecture_names()
    {
        var others = SourceTree.Files.Select(file => file.Area).Where(area => area.Length > 0).Distinct().Except(Areas);

        Assert.Empty(others);
        Assert.DoesNotContain(SourceTree.Files, file => file.Path.Split('/').Contains("Directory", StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Web/Menu.cs", "using Muster.Actions;")]
    [InlineData("Bulk/Runner.cs", "var action = new Actions.ArchiveProfiles();")]
    public void An_action_named_elsewhere_is_noticed(string path, string code) => Break(NamesAnAction, path, code);

    [Theory]
    [InlineData("Bulk/Planner.cs", "using Muster.Web;")]
    [InlineData("People/Profile.cs", "Muster.Api.Problem p;")]
    [InlineData("Data/MusterDb.cs", "using Muster.Cli;")]
    [InlineData("Learning/Course.cs", "Web.Page page;")]
    public void A_surface_named_from_below_is_noticed(string path, string code) => Break(KnowsASurface, path, code);

    [Theory]
    [InlineData("db.Profiles.IgnoreQueryFilters().Where(p => p.Id == id)")]
    [InlineData("db.Profiles.IgnoreQueryFilters([ModelConventions.WorkspaceFilter])")]
    public void The_workspace_filter_lifted_elsewhere_is_noticed(string code) => Break(LiftsTheWorkspaceFilter, "Api/UsersApi.cs", code);

    [Theory]
    [InlineData("await db.Database.ExecuteSqlAsync(text, ct);")]
    [InlineData("db.Profiles.FromSqlRaw(text)")]
    [InlineData("db.Database.SqlQuery<long>(text)")]
    [InlineData("command.CommandText = text;")]
    [InlineData("raw.sqlite3_prepare_v2(connection, text, out var statement);")]
    public void A_statement_past_the_model_elsewhere_is_noticed(string code) => Break(AsksPastTheModel, "Api/UsersApi.cs", code);

    [Theory]
    [InlineData("foreach (var user in users) { }")]
    [InlineData("while (true) { }")]
    [InlineData("await db.SaveChangesAsync(ct);")]
    [InlineData("db.Database.BeginTransactionAsync(ct)")]
    public void The_pipelines_work_in_an_action_is_noticed(string code) => Break(DoesThePipelinesWork, "Actions/ArchiveProfiles.cs", code);

    [Fact]
    public void A_long_file_is_noticed() => Break(IsTooLong, "Web/Page.razor", new string('\n', LongestFile + 1));

    [Theory]
    [InlineData("public sealed class UserManager;")]
    [InlineData("internal static class StringUtils { }")]
    [InlineData("private static string PathHelper(string path) => path;")]
    public void A_vague_name_is_noticed(string code) => Break(IsNamedVaguely, "People/Some.cs", code);

    [Theory]
    [InlineData("Bulk/Runner/Chunk.cs", "namespace Muster.Bulk.Runner;")]
    [InlineData("Mail/Outbox.cs", "namespace Muster.Data;")]
    [InlineData("Mail/Mail.cs", "namespace Muster.Mail;\npublic sealed class Mail;")]
    public void Another_namespace_is_noticed(string path, string code) => Break(IsInAnotherNamespace, path, code);

    [Fact]
    public void Comments_and_texts_are_no_dependencies() =>
        Assert.Empty(NamesAnAction(SourceTree.Imagine("Web/Menu.cs", "// Muster.Actions\nvar text = \"Muster.Actions\"; /* Actions.X */")));

    // The catalogue finds actions by their contract; a page or file that names one would have to change with every new one.
    private static IEnumerable<string> NamesAnAction(SourceFile file) =>
        file.Area == "Actions" || file.Path == "Bulk/ActionCatalog.cs" ? [] : Uses(file, "Actions");

    private static IEnumerable<string> KnowsASurface(SourceFile file) =>
        file.Area is "Bulk" or "People" or "Learning" or "Data" && !file.IsMigration
            ? new[] { "Web", "Api", "Cli" }.SelectMany(surface => Uses(file, surface))
            : [];

    private static IEnumerable<string> LiftsTheWorkspaceFilter(SourceFile file) =>
        AcrossWorkspaces.Contains(file.Path) ? [] : file.Lines(@"\bIgnoreQueryFilters\b");

    private static IEnumerable<string> AsksPastTheModel(SourceFile file) =>
        PastTheModel.Contains(file.Path) || file.IsMigration
            ? []
            : file.Lines(@"\b(ExecuteSql|FromSql|SqlQuery)\w*|\bCommandText\b|\bsqlite3_\w+");

    private static IEnumerable<string> DoesThePipelinesWork(SourceFile file) =>
        file.Area == "Actions" && file.Path.EndsWith(".cs", StringComparison.Ordinal)
            ? file.Lines(@"\b(foreach|for|while|do)\s*[({]|\.ForEach\(|SaveChanges|\w*Transaction\w*\(|TransactionScope|Enqueue|IScheduler")
            : [];

    private static IEnumerable<string> IsTooLong(SourceFile file)
    {
        var lines = file.Text.AsSpan().TrimEnd(' ').Count('\n');
        return file.IsMigration || lines <= LongestFile ? [] : [$"{file.Path}: {lines} lines, of {LongestFile} at most"];
    }

    private static IEnumerable<string> IsNamedVaguely(SourceFile file) =>
        file.IsMigration
            ? []
            : file.Lines(
                $@"\b(class|record|struct|interface|enum)\s+\w*({VagueSuffix})\b|^\s*(public|private|internal|protected)\b[^=;]*\b\w+({VagueSuffix})\s*(<[^>]*>)?\("
            );

    private static IEnumerable<string> IsInAnotherNamespace(SourceFile file)
    {
        if (file.Area.Length == 0 || !file.Path.EndsWith(".cs", StringComparison.Ordinal) || file.IsMigration)
        {
            return [];
        }

        return file.Lines(@"^\s*namespace\s")
            .Where(line => !line.EndsWith($"namespace Muster.{file.Area};", StringComparison.Ordinal))
            .Concat(file.Lines($@"\b(class|record|struct|interface|enum)\s+{file.Area}\b"));
    }

    private static IEnumerable<string> Uses(SourceFile file, string area) => file.Lines($@"\bMuster\.{area}\b|(?<![\w.]){area}\.[A-Z]");

    private static void Hold(Func<SourceFile, IEnumerable<string>> rule)
    {
        Assert.NotEmpty(SourceTree.Files);
        var broken = SourceTree.Files.SelectMany(rule).ToList();
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    private static void Break(Func<SourceFile, IEnumerable<string>> rule, string path, string code) =>
        Assert.NotEmpty(rule(SourceTree.Imagine(path, code)));
}
