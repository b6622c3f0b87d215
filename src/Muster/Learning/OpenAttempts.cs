namespace Muster.Learning;

/// <summary>What an open attempt is, said once for every query.</summary>
internal static class OpenAttempts
{
    /// <summary>
    /// The attempts of a workspace that are open on a day: Deferred, Not started, In progress or Awaiting feedback, and not past their expiry date (the last day is
    /// still one), whatever is stored of one that ran out. A person has at most one at a course, and each of them holds a seat.
    /// </summary>
    /// <param name="attempts">Attempts of any workspace.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="today">The day, in the workspace's time zone.</param>
    public static IQueryable<Enrolment> OpenOn(this IQueryable<Enrolment> attempts, long workspaceId, DateOnly today) =>
        attempts.Where(e =>
            e.WorkspaceId == workspaceId && e.Status < EnrolmentStatus.Completed && (e.ExpiresOn == null || e.ExpiresOn >= today)
        );
}
