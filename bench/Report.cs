using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.Learning;
using Muster.Mail;
using Muster.People;

namespace Muster.Bench;

/// <summary>The table that is printed, and the page of the documentation it goes into.</summary>
public sealed class Report
{
    private readonly DateTimeOffset began = TimeProvider.System.GetUtcNow();
    private readonly string loadBefore = Machine.Load();

    private const string Heading =
        "| action | database | users | preview s | run s | users/s | floor s | ratio to floor | by processor time | statements per chunk | chunks | growth | peak memory MiB | list first page p50/p95 ms | list deep page p50/p95 ms |\n"
        + "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";

    private const string Introduction = """
        # Performance

        Written by `dotnet run -c Release --project bench`; run it to measure your own machine (`--help` lists its options).

        Each action runs through the whole pipeline in a process of its own, timed from the moment of confirming to the operation's completion; the preview is timed apart.
        Beside it stands the **floor**: the fewest set-based statements that make all the same row changes (memberships, enrolments, profiles, invitations, outbox, outcomes of items,
        the operation, the audit log), in one transaction, on a copy of the same database in the same state, in the same run. The floor judges nothing again, takes no lock, cannot be stopped,
        watched or survive a kill. Afterwards both databases are compared table by table (numbers of rows and sums of whom they are about); a difference fails the run.
        *Ratio* is the floor's seconds by ours: 1 is as fast as the floor; *by processor time* is the same of the seconds that processes and database server kept a processor busy, the reading of the list included, which other work on the machine disturbs less. *Growth* is the cost of each user added between the size before and this one, by that of each user added in the step before.
        *Peak memory* is VmHWM of the process, preview included. Up to 100,000 users the median of several runs counts. While an operation runs, the users list is read four times a second, and timed at the server's side.
        The people to add or archive are everybody but the Archived and Cancelled; they are added to two groups, of which one has an active auto-enrolment rule to one course. Archived people have about one open enrolment each.
        Invitations come from a CSV file of as many new people, with units, groups and a custom field. The floor of the export is a plain read of the same rows into a file.

        """;

    public static string Line(Measured line, IReadOnlyList<Measured> all)
    {
        ArgumentNullException.ThrowIfNull(line);
        var last = line.Last;
        var pages = last.Pages;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {line.Action.ToString().ToLowerInvariant()} | {line.Database} | {line.Users:N0} | {line.PreviewSeconds:F2} | {line.RunSeconds:F2} | {last.Users / line.RunSeconds:N0} | {line.FloorSeconds:F2} | {line.Ratio:F2} | {line.ProcessorRatio:F2} | {(last.Chunks == 0 ? "" : $"{(double)last.Statements / last.Chunks:F1}")} | {(last.Chunks == 0 ? "" : $"{last.Chunks}")} | {Growth(line, all)} | {last.PeakMebibytes:F0} | {Pair(pages?.FirstP50, pages?.FirstP95)} | {Pair(pages?.DeepP50, pages?.DeepP95)} |"
        );
    }

    public string Table(IReadOnlyList<Measured> all, IReadOnlyList<string> versions, string schema)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Machine.Line(began, loadBefore, versions)}\n\n");
        text.Append(Heading);
        foreach (var line in all)
        {
            text.Append(Line(line, all)).Append('\n');
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\nThe schema both sides write to (`foreign keys / indexes` of each hot table): {schema}.\n"
        );
        return text.ToString();
    }

    public string Document(string table) => $"{Introduction}\n{table}";

    /// <summary>Foreign keys and indexes of the tables that are written per user: what an insert costs depends on them.</summary>
    public static string Schema(MusterDb db)
    {
        ArgumentNullException.ThrowIfNull(db);
        Type[] hot =
        [
            typeof(Profile),
            typeof(Membership),
            typeof(Enrolment),
            typeof(Invitation),
            typeof(FieldValue),
            typeof(OutboxMessage),
            typeof(OperationItem),
        ];
        return string.Join(
            ", ",
            hot.Select(type => db.Model.FindEntityType(type)!)
                .Select(entity =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{entity.GetTableName()} {entity.GetForeignKeys().Count()} / {entity.GetKeys().Count() + entity.GetIndexes().Count()}"
                    )
                )
        );
    }

    private static string Growth(Measured line, IReadOnlyList<Measured> all)
    {
        var smaller = all.Where(other => other.Action == line.Action && other.Database == line.Database && other.Users < line.Users)
            .OrderByDescending(other => other.Users)
            .Take(2)
            .ToList();
        return smaller.Count < 2
            ? ""
            : (smaller[0].CostPerUserTo(line) / smaller[1].CostPerUserTo(smaller[0])).ToString("F2", CultureInfo.InvariantCulture);
    }

    private static string Pair(double? p50, double? p95) =>
        p50 is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{p50:F0} / {p95:F0}");
}
