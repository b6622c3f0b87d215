using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Learning;

/// <summary>What a person can say of a course.</summary>
/// <param name="Title">Required, at most 200 characters.</param>
/// <param name="ExternalReference">Its id in the system that delivers it.</param>
/// <param name="IsOpen">Takes new enrolments.</param>
/// <param name="Seats">How many attempts may be open at once; null for no limit.</param>
public sealed record CourseDetails(string? Title, string? ExternalReference, bool IsOpen, int? Seats);

/// <summary>Makes and changes courses.</summary>
public sealed class CourseEdits(Databases databases, TimeProvider clock)
{
    /// <summary>Saves a course; without an id a new one.</summary>
    /// <returns>Its id; null when there is no such course in the workspace.</returns>
    /// <exception cref="ParametersException">Names each wrong field.</exception>
    public async Task<long?> Save(Requester requester, long? id, CourseDetails details, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(requester);
        ArgumentNullException.ThrowIfNull(details);
        var workspaceId = requester.Actor.WorkspaceId;
        var title = (details.Title ?? "").Trim();
        if (title.Length is 0 or > 200)
        {
            throw new ParametersException("title", "Enter a title of at most 200 characters.");
        }

        var reference = (details.ExternalReference ?? "").Trim();
        if (reference.Length > 200)
        {
            throw new ParametersException("externalReference", "A reference has at most 200 characters.");
        }

        if (title.Any(char.IsControl) || reference.Any(char.IsControl))
        {
            throw new ParametersException(title.Any(char.IsControl) ? "title" : "externalReference", "This is one line of text.");
        }

        if (details.Seats is < 0)
        {
            throw new ParametersException("seats", "Seats are a whole number from 0, or nothing for no limit.");
        }

        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var course = id is null
            ? db
                .Courses.Add(
                    new Course
                    {
                        WorkspaceId = workspaceId,
                        Id = await db.Reserve(workspaceId, 1, ct),
                        Title = title,
                    }
                )
                .Entity
            : await db.Courses.SingleOrDefaultAsync(c => c.WorkspaceId == workspaceId && c.Id == id, ct);
        if (course is null)
        {
            return null;
        }

        course.Title = title;
        course.ExternalReference = reference.Length == 0 ? null : reference;
        (course.IsOpen, course.Seats) = (details.IsOpen, details.Seats);
        await db.SaveChangesAsync(ct);
        await Audit.Write(db, requester, "course.saved", new { course = course.Id }, clock.Now(), ct);
        await transaction.CommitAsync(ct);
        return course.Id;
    }
}
