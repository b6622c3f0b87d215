using Muster.Learning;
using Muster.People;

namespace Muster.Cli;

/// <summary>Invents what somebody has learnt so far: attempts in every status, old ones repeated, seats never oversold.</summary>
internal sealed class LearningHistory(Ground ground, Random random)
{
    private const int MostByChance = 3;

    private readonly Dictionary<long, long?> chosen = [];

    public void Add(PeopleRows rows, Profile person, DateTime since, IEnumerable<RuleWish> wishes)
    {
        if (person.Status == ProfileStatus.Cancelled || ground.Courses.Count == 0)
        {
            return;
        }

        chosen.Clear();
        if (person.Status == ProfileStatus.Active)
        {
            foreach (var wish in wishes.Where(w => ground.CourseById[w.CourseId].IsOpen))
            {
                chosen.TryAdd(wish.CourseId, wish.RuleId);
            }
        }

        for (var n = random.Next(person.Status == ProfileStatus.Invited ? 2 : MostByChance + 1); n > 0; n--)
        {
            chosen.TryAdd(ground.Courses[random.Next(ground.Courses.Count)].Id, null);
        }

        foreach (var (course, rule) in chosen)
        {
            AddAttempts(rows, person, ground.CourseById[course], rule, since);
        }
    }

    private void AddAttempts(PeopleRows rows, Profile person, Course course, long? rule, DateTime since)
    {
        var first = person.Status == ProfileStatus.Invited ? Waiting(since) : Any(course, since);
        if (person.Status == ProfileStatus.Archived && first.Status < EnrolmentStatus.Completed)
        {
            Withdraw(first);
        }

        Put(rows, first, person, course, 1, rule);
        var last = first;
        // What was learnt long ago is learnt again.
        for (var attempt = 2; attempt <= 3 && MayRepeat(person, course, last); attempt++)
        {
            last = Any(course, last.CompletedAt!.Value.AddDays(300));
            Put(rows, last, person, course, attempt, null);
        }
    }

    private bool MayRepeat(Profile person, Course course, Enrolment last) =>
        person.Status == ProfileStatus.Active
        && course.IsOpen
        && last.CompletedAt is { } completed
        && completed < ground.Now.AddDays(-310)
        && random.Next(2) == 0;

    /// <summary>An attempt as old as <paramref name="since"/> at most. What would be open needs an open course and a free seat, else it is completed.</summary>
    private Enrolment Any(Course course, DateTime since)
    {
        var attempt = Begun(Between(since, ground.Now));
        var roll = random.Next(100);
        if (roll >= 60 && (!course.IsOpen || ground.SeatsLeft.GetValueOrDefault(course.Id, 1) <= 0))
        {
            roll = random.Next(60);
        }

        switch (roll)
        {
            case < 47:
                Complete(attempt);
                break;
            case < 53:
                Withdraw(attempt);
                break;
            case < 57:
                attempt.Status = EnrolmentStatus.Expired;
                attempt.ExpiresOn = PastDay(attempt.CreatedAt);
                break;
            case < 60:
                // Past its date, whatever is stored.
                Start(attempt, EnrolmentStatus.InProgress);
                attempt.ExpiresOn = PastDay(attempt.CreatedAt);
                break;
            case < 76:
                Start(attempt, EnrolmentStatus.InProgress);
                MayEnd(attempt);
                break;
            case < 82:
                Start(attempt, EnrolmentStatus.AwaitingFeedback);
                break;
            case < 88:
                attempt.StartsOn = ground.Today.AddDays(random.Next(3, 90));
                break;
            default:
                MayEnd(attempt);
                break;
        }

        return attempt;
    }

    /// <summary>Enrolled, but not yet able to begin.</summary>
    private Enrolment Waiting(DateTime since)
    {
        var attempt = Begun(Between(since, ground.Now));
        attempt.StartsOn = random.Next(3) == 0 ? ground.Today.AddDays(random.Next(3, 60)) : attempt.StartsOn;
        return attempt;
    }

    private void Put(PeopleRows rows, Enrolment attempt, Profile person, Course course, int number, long? rule)
    {
        var holdsSeat = attempt.Status < EnrolmentStatus.Completed && (attempt.ExpiresOn is null || attempt.ExpiresOn >= ground.Today);
        if (holdsSeat && ground.SeatsLeft.TryGetValue(course.Id, out var left))
        {
            if (left <= 0)
            {
                Withdraw(attempt);
            }
            else
            {
                ground.SeatsLeft[course.Id] = left - 1;
            }
        }

        if (!course.IsOpen && attempt.Status < EnrolmentStatus.Completed)
        {
            Withdraw(attempt);
        }

        attempt.ProfileId = person.Id;
        attempt.CourseId = course.Id;
        attempt.Attempt = number;
        attempt.RuleId = rule;
        rows.Enrolments.Add(attempt);
    }

    private Enrolment Begun(DateTime at) =>
        new()
        {
            WorkspaceId = ground.WorkspaceId,
            CreatedAt = at,
            StartsOn = DateOnly.FromDateTime(at),
        };

    private void Start(Enrolment attempt, EnrolmentStatus status)
    {
        attempt.Status = status;
        attempt.StartedAt = Between(attempt.CreatedAt, ground.Now);
    }

    private void Complete(Enrolment attempt)
    {
        attempt.Status = EnrolmentStatus.Completed;
        var soon = attempt.CreatedAt.AddDays(60);
        attempt.CompletedAt = Between(attempt.CreatedAt, soon < ground.Now ? soon : ground.Now);
        attempt.StartedAt = Between(attempt.CreatedAt, attempt.CompletedAt.Value);
    }

    private void Withdraw(Enrolment attempt)
    {
        attempt.Status = EnrolmentStatus.Withdrawn;
        attempt.WithdrawnAt = Between(attempt.StartedAt ?? attempt.CreatedAt, ground.Now);
    }

    private void MayEnd(Enrolment attempt)
    {
        if (random.Next(3) == 0)
        {
            attempt.ExpiresOn = ground.Today.AddDays(random.Next(14, 365));
        }
    }

    private DateOnly PastDay(DateTime since)
    {
        var days = Math.Max(1, ground.Today.DayNumber - DateOnly.FromDateTime(since).DayNumber);
        return ground.Today.AddDays(-1 - random.Next(days));
    }

    private DateTime Between(DateTime from, DateTime to) =>
        from >= to ? to : from.AddSeconds(random.NextInt64((long)(to - from).TotalSeconds));
}
