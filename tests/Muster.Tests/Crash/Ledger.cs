using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Learning;
using Muster.People;

namespace Muster.Tests;

/// <summary>
/// Compares what an operation on a <see cref="Campaign"/>'s people left behind with what the specification says it must:
/// each user affected once, each outcome written once, the chunks' ranges lying end to end.
/// </summary>
public static class Ledger
{
    /// <summary>What is wrong, a sentence each; empty when nothing was lost and nothing happened twice.</summary>
    public static async Task<IReadOnlyList<string>> Faults(Stage stage, Operation operation)
    {
        ArgumentNullException.ThrowIfNull(stage);
        var faults = new List<string>();
        operation = await stage.Pipeline.Read(operation);
        var items = await stage.Pipeline.Items(operation);
        Expect(faults, "status", OperationStatus.Completed, operation.Status);
        Expect(faults, "cursor", operation.LastPosition, operation.Cursor);
        Expect(faults, "items", operation.Selected, items.Select(i => i.Ordinal).Distinct().LongCount());
        Expect(
            faults,
            "items changed",
            items.LongCount(i => i.Verdict == Verdict.WillChange),
            items.LongCount(i => i.Outcome == Outcome.Changed)
        );
        Expect(faults, "users counted as changed", operation.WillChange, operation.Changed);
        Expect(faults, "items counted as changed", operation.ItemsWillChange, operation.ItemsChanged);
        Expect(faults, "left alone or failed", 0, operation.LeftAlone + operation.Failed);
        await using var db = stage.Database.Open(operation.WorkspaceId);
        await Tiles(faults, db, operation);
        var people = items.Select(i => i.ProfileId).ToList();
        if (operation.Action == "archive-profiles")
        {
            await Archived(faults, db, operation, people);
        }
        else
        {
            await Added(faults, stage, db, operation, people);
        }

        return faults;
    }

    private static async Task Tiles(List<string> faults, Data.MusterDb db, Operation operation)
    {
        var entries = await db
            .Audit.Where(a => a.OperationId == operation.Id && a.Event == "operation.chunk")
            .OrderBy(a => a.Id)
            .Select(a => a.Details!)
            .ToListAsync();
        var (next, changed) = (1L, 0L);
        foreach (var details in entries.Select(json => JsonDocument.Parse(json).RootElement))
        {
            Expect(faults, "a chunk's first position", next, details.GetProperty("from").GetInt64());
            next = details.GetProperty("to").GetInt64() + 1;
            changed += details.GetProperty("items").GetInt64();
        }

        Expect(faults, "the last chunk's end", operation.LastPosition + 1, next);
        Expect(faults, "items of all chunks", operation.ItemsWillChange, changed);
    }

    private static async Task Archived(List<string> faults, Data.MusterDb db, Operation operation, List<long> people)
    {
        Expect(
            faults,
            "people archived",
            people.Count,
            await db.Profiles.CountAsync(p => p.OperationId == operation.Id && p.Status == ProfileStatus.Archived)
        );
        Expect(
            faults,
            "enrolments ended",
            people.Count,
            await db.Enrolments.CountAsync(e =>
                e.EndedByOperationId == operation.Id
                && e.Status == EnrolmentStatus.Withdrawn
                && e.StatusBeforeEnd == EnrolmentStatus.InProgress
                && people.Contains(e.ProfileId)
            )
        );
    }

    private static async Task Added(List<string> faults, Stage stage, Data.MusterDb db, Operation operation, List<long> people)
    {
        Expect(
            faults,
            "memberships",
            people.Count,
            await db.Memberships.CountAsync(m => m.OperationId == operation.Id && people.Contains(m.ProfileId))
        );
        var attempts = await db
            .Enrolments.Where(e => e.OperationId == operation.Id && e.CourseId == stage.Given.Safety.Id)
            .Select(e => new { e.ProfileId, e.Attempt })
            .ToListAsync();
        Expect(faults, "new attempts", people.Count, attempts.Count);
        Expect(faults, "people with a new attempt", people.Count, attempts.DistinctBy(a => a.ProfileId).Count());
        Expect(faults, "second attempts", people.Count, attempts.Count(a => a.Attempt == 2));
        // Operations that run side by side share the seats; each gives its own to the first of its list, and together they give all of them.
        var seated = await db
            .Enrolments.Where(e => e.CourseId == stage.Given.Forklift.Id)
            .Select(e => new { e.ProfileId, e.OperationId })
            .ToListAsync();
        var here = seated.Where(e => e.OperationId == operation.Id).Select(e => e.ProfileId).ToList();
        Expect(faults, "seats taken", stage.Given.Forklift.Seats, seated.Count);
        Expect(faults, "seats out of list order", 0, here.Except(people.Take(here.Count)).Count());
    }

    private static void Expect<T>(List<string> faults, string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            faults.Add($"{what}: {expected} expected, {actual} found");
        }
    }
}
