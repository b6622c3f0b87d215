using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Learning;

namespace Muster.People;

/// <summary>The rarer conditions of a <see cref="UserFilter"/>: courses, custom fields and days.</summary>
internal static class UserConditions
{
    /// <summary>Those of the people whose ids are among others, of which none is there twice.</summary>
    public static IQueryable<Profile> Among(this IQueryable<Profile> profiles, MusterDb db, IQueryable<long> ids, SearchWay way) =>
        way switch
        {
            // The page bounds nothing; PostgreSQL reads what is in it first, whatever it believes that there is.
            SearchWay.RowByRow => (db.IsSqlite ? ids : ids.Take(int.MaxValue)).Join(profiles, id => id, p => p.Id, (_, p) => p),
            // The page bounds nothing; PostgreSQL asks for each person, instead of reading all the ids first.
            SearchWay.PersonByPerson => profiles.Where(p => ids.Where(id => id == p.Id).Skip(0).Any()),
            _ => profiles.Where(p => ids.Any(id => id == p.Id)),
        };

    /// <summary>Ids of those of whom other rows say what a filter asks for: membership of a group, an attempt at a course, a value of a field; one query for each that it asks for.</summary>
    public static IEnumerable<IQueryable<long>> RowsOf(this MusterDb db, long workspaceId, UserFilter filter, DateOnly today)
    {
        if (filter.Group is { } group)
        {
            yield return db.Memberships.Where(m => m.WorkspaceId == workspaceId && m.GroupId == group).Select(m => m.ProfileId);
        }

        if (filter.Course is { } course)
        {
            yield return db.LearningNow(workspaceId, [course], today);
        }

        if (filter.Field is { } field)
        {
            yield return db.WithValue(workspaceId, field);
        }
    }

    /// <summary>Ids of those with an open attempt at any of these courses; one past its expiry date is not open, whatever is stored.</summary>
    public static IQueryable<long> LearningNow(this MusterDb db, long workspaceId, IReadOnlyList<long> courses, DateOnly today) =>
        db.Enrolments.OpenOn(workspaceId, today).Where(e => courses.Contains(e.CourseId)).Select(e => e.ProfileId);

    /// <summary>Ids of those whose value of a custom field fits.</summary>
    public static IQueryable<long> WithValue(this MusterDb db, long workspaceId, FieldFilter filter)
    {
        var values = db.FieldValues.Where(v => v.WorkspaceId == workspaceId && v.FieldId == filter.Id);
        if (filter.Is is { } text)
        {
            values = Equal(values, text);
        }

        if (filter.From is not null || filter.To is not null)
        {
            values = InRange(values, filter);
        }

        return values.Select(v => v.ProfileId);
    }

    /// <summary>People of whom something happened on one of the days, as the workspace counts days.</summary>
    /// <param name="profiles">Whom to look among.</param>
    /// <param name="moment">Name of the column.</param>
    /// <param name="days">Which days; null for no condition.</param>
    /// <param name="timeZone">The workspace's.</param>
    public static IQueryable<Profile> Happened(this IQueryable<Profile> profiles, string moment, DayRange? days, string? timeZone)
    {
        if (days is null or { From: null, To: null })
        {
            return profiles;
        }

        ArgumentNullException.ThrowIfNull(timeZone);
        if (days.From is { } first)
        {
            var from = first.Begins(timeZone);
            profiles = profiles.Where(p => EF.Property<DateTime?>(p, moment) >= from);
        }

        if (days.To is { } last && last < DateOnly.MaxValue)
        {
            var before = last.AddDays(1).Begins(timeZone);
            profiles = profiles.Where(p => EF.Property<DateTime?>(p, moment) < before);
        }

        return profiles;
    }

    /// <summary>People whose last day of access is one of the days.</summary>
    public static IQueryable<Profile> Ending(this IQueryable<Profile> profiles, DayRange? days)
    {
        if (days is null or { From: null, To: null })
        {
            return profiles;
        }

        // What holds anyway, said so that the index of those with an end is used.
        var ending = profiles.Where(p => p.ExpiresOn != null);
        if (days.From is { } from)
        {
            ending = ending.Where(p => p.ExpiresOn >= from);
        }

        return days.To is { } to ? ending.Where(p => p.ExpiresOn <= to) : ending;
    }

    private static IQueryable<FieldValue> Equal(IQueryable<FieldValue> values, string text)
    {
        var asked = text.Replace("\0", "", StringComparison.Ordinal);
        // Both sides by the database, so that they are written alike.
        var texts = values.Where(v => v.TextKey == MusterDb.Lower(asked));
        if (FieldFilter.Flag(text) is { } flag)
        {
            return texts.Concat(values.Where(v => v.YesNo == flag));
        }

        if (FieldFilter.Number(text) is { } number)
        {
            return texts.Concat(values.Where(v => v.Number == number));
        }

        return FieldFilter.Day(text) is { } day ? texts.Concat(values.Where(v => v.Date == day)) : texts;
    }

    private static IQueryable<FieldValue> InRange(IQueryable<FieldValue> values, FieldFilter filter)
    {
        if (filter.Days is { } days)
        {
            var (first, last) = (days.From, days.To);
            values = first is null ? values : values.Where(v => v.Date >= first);
            return last is null ? values : values.Where(v => v.Date <= last);
        }

        if (filter.Numbers is not { } numbers)
        {
            throw new ArgumentException(filter.Wrong(), nameof(filter));
        }

        var (from, to) = numbers;
        values = from is null ? values : values.Where(v => v.Number >= from);
        return to is null ? values : values.Where(v => v.Number <= to);
    }
}
