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

    private static readonly string[] Columns =
    [
        "preview s",
        "preview floor s",
        "preview ratio",
        "run s",
        "users/s",
        "floor s",
        "ratio to floor",
        "by processor time",
        "x of save-per-1,000",
        "x of save-per-user",
        "statements per chunk",
        "chunks",
        "growth",
        "peak memory MiB",
        "list first page p50/p95 ms",
        "list deep page p50/p95 ms",
    ];

    private static readonly string Heading =
        $"| action | database | users | {string.Join(" | ", Columns)} |\n| --- | --- | ---: |{string.Concat(Columns.Select(_ => " ---: |"))}\n";

    private static readonly string Introduction = $"""
        # Performance

        Written by `dotnet run -c Release --project bench`; run it to measure your own machine (`--help` lists its options).

        Each action runs through the whole pipeline in a process of its own, timed from the moment of confirming to the operation's completion; the preview is timed apart.
        Beside it stands the **floor**: the fewest set-based statements that make all the same row changes (memberships, enrolments, profiles, invitations, outbox, outcomes of items,
        the operation, the audit log), in one transaction, on a copy of the same database in the same state, in the same run. The floor judges nothing again, takes no lock, cannot be stopped,
        watched or survive a kill; on PostgreSQL that of an undo forbids nested loops, which a planner without fresh statistics would choose. Afterwards both databases are compared table by table (numbers of rows and sums of whom they are about); a difference fails the run.
        *Ratio* is the floor's seconds by ours: 1 is as fast as the floor; *by processor time* is the same of the seconds that processes and database server kept a processor busy, the reading of the list included, which other work on the machine disturbs less. *Growth* is the cost of each user added between the size before and this one, by that of each user added in the step before.
        *Peak memory* is VmHWM of the process, preview included. Up to 100,000 users the median of several runs counts. While an operation runs, the users list is read four times a second, and timed at the server's side.

        The **preview's floor** writes the very rows that the preview leaves (the operation's users and its items with their states) by one `INSERT … SELECT` a table out of tables that hold them, and judges nobody. For an invitation it is the file's
        bare reading: its cells, parsed by the product's own reader, written in bulk into a table without an index. Each is taken once, and the product's preview is the first work of its process: at 10,000 users much of it is compiling.

        The **usual way** is what back offices do: people are loaded as entities, changed and saved, after every {UsualWay.Batch:N0} users (the context is emptied after each save) or after each user. It makes the same changes to
        memberships, enrolments, profiles, invitations and outbox, which is checked, and nothing else: no preview, no items, no audit log, no undo, no going on after a kill. The columns say its seconds by those of our run, previews not counted.
        Saving after each user is measured on at most {UsualWay.Sample:N0} users and extrapolated in proportion. It is warmed up: one save before it, rolled back, is not counted.

        | action | who |
        | --- | --- |
        | add | everybody to two groups, of which one has an active auto-enrolment rule to one course |
        | remove | everybody out of two groups of which everybody is a member |
        | enrol | everybody into one course, those who have completed it included |
        | withdraw | everybody out of two courses at which everybody has an open attempt |
        | archive | everybody but the Admin who asks; they have about one open enrolment each, and one in ten is Invited |
        | reactivate | everybody but that Admin, who are all Archived |
        | expiry | a last day of access for everybody but that Admin |
        | invite, invite-xlsx | as many new people as there are users, with units, groups and a custom field, from a CSV file or a workbook |
        | resend, cancel | everybody but that Admin, who are all Invited |
        | undo-add, undo-archive | what the action has changed of everybody; the action itself is not measured |
        | export, export-xlsx | everybody, 25 columns of which 13 are custom fields (text, number, date, yes or no) with a value for each, to a CSV file or a workbook; the floor of both is a plain read of the same rows into a file |

        """;

    public static string Line(Measured line, IReadOnlyList<Measured> all)
    {
        ArgumentNullException.ThrowIfNull(line);
        var (last, preview, usual) = (line.Last, line.Preview, line.Usual);
        FormattableString[] cells =
        [
            $"{Scenario.Name(line.Action)}",
            $"{line.Database}",
            $"{line.Users:N0}",
            $"{preview?.Seconds:F2}",
            $"{preview?.FloorSeconds:F2}",
            $"{preview?.FloorSeconds / preview?.Seconds:F2}",
            $"{line.RunSeconds:F2}",
            $"{last.Users / line.RunSeconds:N0}",
            $"{line.FloorSeconds:F2}",
            $"{line.Ratio:F2}",
            $"{line.ProcessorRatio:F2}",
            $"{usual?.PerThousand / line.RunSeconds:F1}",
            $"{usual?.PerUser / line.RunSeconds:F1}",
            $"{(last.Chunks == 0 ? null : (double?)last.Statements / last.Chunks):F1}",
            $"{(last.Chunks == 0 ? null : (long?)last.Chunks)}",
            $"{Growth(line, all)}",
            $"{last.PeakMebibytes:F0}",
            $"{Pair(last.Pages?.FirstP50, last.Pages?.FirstP95)}",
            $"{Pair(last.Pages?.DeepP50, last.Pages?.DeepP95)}",
        ];
        return $"| {string.Join(" | ", cells.Select(FormattableString.Invariant))} |";
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
