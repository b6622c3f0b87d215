using Microsoft.EntityFrameworkCore;
using Muster.Data;
using Muster.Learning;

namespace Muster.People;

/// <summary>The rarer conditions of a <see cref="UserFilter"/>: courses, custom fields and days.</summary>
internal static class UserConditions
{
    /// <summary>People with an open attempt at any of these courses; one past its expiry date is not open, whatever is stored.</summary>
    public static IQueryable<Profile> LearningNow(
        this IQueryable<Profile> profiles,
        MusterDb db,
        long workspaceId,
        IReadOnlyList<long> courses,
        DateOnly today
    )
    {
        var open = db.Enrolments.OpenOn(workspaceId, today).Where(e => courses.Contains(e.CourseId)).Select(e => e.ProfileId);
        return profiles.Where(p => open.Contains(p.Id));
    }

    /// <summary>People whose value of a custom field fits.</summary>
    public static IQueryable<Profile> WithValue(this IQueryable<Profile> profiles, MusterDb db, long workspaceId, FieldFilter filter)
    {
        var values = db.FieldValues.Where(v => v.WorkspaceId == workspaceId && v.FieldId == filter.Id);
        if (filter.Is is { } text)
        {
            values = Equal(db, values, text);
        }

        if (filter.From is not null || filter.To is not null)
        {
            values = InRange(values, filter);
        }

        var people = values.Select(v => v.ProfileId);
        return profiles.Where(p => people.Contains(p.Id));
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

    private static IQueryable<FieldValue> Equal(MusterDb db, IQueryable<FieldValue> values, string text)
    {
        var pattern = text.Replace("\0", "", StringComparison.Ordinal)
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
        var texts = db.IsSqlite
            ? values.Where(v => EF.Functions.Like(v.Text!, pattern, "\\"))
            : values.Where(v => EF.Functions.ILike(v.Text!, pattern, "\\"));
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
