using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.Data;
using Muster.Files;
using Muster.Learning;

namespace Muster.People;

/// <summary>What saving did, or would do.</summary>
/// <param name="IsSaved">False when the caller did not agree: then nothing was changed.</param>
/// <param name="Courses">The courses that rules of the new groups and unit lead to; those without a seat bring no enrolment.</param>
public sealed record UserEditResult(bool IsSaved, IReadOnlyList<CourseAhead> Courses);

/// <summary>
/// Changes one user by hand: names, role, managed units, unit, groups, custom fields and the last day of access, never the e-mail address.
/// Joining groups and changing the unit fires active rules, for Active people at once and for Invited ones when they accept.
/// </summary>
public sealed class UserEdits(Databases databases, TimeProvider clock)
{
    /// <summary>Saves a user, in one transaction with the enrolments it leads to. An undo of an earlier operation then leaves them alone.</summary>
    /// <param name="requester">Who asks.</param>
    /// <param name="id">The user.</param>
    /// <param name="was">What the caller changed from; whatever differs by now was changed by somebody else.</param>
    /// <param name="wanted">As it should be.</param>
    /// <param name="agrees">Asked with the courses ahead before anything is written; false saves nothing.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Null when there is no such user in the workspace.</returns>
    /// <exception cref="ParametersException">Names each wrong field.</exception>
    /// <exception cref="ConflictException">Changed by somebody else, or not to be changed by this caller.</exception>
    public async Task<UserEditResult?> Save(
        Requester requester,
        long id,
        PersonDetails was,
        PersonDetails wanted,
        Func<IReadOnlyList<CourseAhead>, bool> agrees,
        CancellationToken ct
    )
    {
        ArgumentNullException.ThrowIfNull(requester);
        ArgumentNullException.ThrowIfNull(was);
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(agrees);
        var workspaceId = requester.Actor.WorkspaceId;
        await using var db = databases.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var zone = await db.Workspaces.Where(w => w.Id == workspaceId).Select(w => w.TimeZone).SingleAsync(ct);
        var (now, today) = (clock.Now(), clock.Today(zone));
        // Courses, then people are locked, in the order of every chunk.
        var expected = await Given(db, workspaceId, was, wanted, ct);
        await Seats.Lock(db, workspaceId, [.. expected.Select(course => course.CourseId)], ct);
        await (
            was.Role == ProfileRole.Admin && (wanted.Role != ProfileRole.Admin || wanted.ExpiresOn < today)
                ? ProfileLocks.WithAdmins(db, workspaceId, id, ct)
                : ProfileLocks.One(db, workspaceId, id, ct)
        );
        // Whoever deletes a unit or a field has the turn: what the rules below find there stays until this is written.
        await db.TakeTurn(workspaceId, ct);
        if (await db.Profiles.SingleOrDefaultAsync(p => p.WorkspaceId == workspaceId && p.Id == id, ct) is not { } person)
        {
            return null;
        }

        await UserEditRules.CheckMayEdit(db, requester.Actor, person, ct);
        var fields = await InvitationColumns.Fields(db, workspaceId, ct);
        var current = await PersonDetails.Of(db, person, ct);
        CheckUnchanged(current.Differences(was, fields));
        var tidy = await UserEditRules.Check(db, requester.Actor, person, current, wanted, fields, today, ct);
        IReadOnlyList<GivenCourse> given = person.Status == ProfileStatus.Active ? await Given(db, workspaceId, current, tidy, ct) : [];
        if (given.Select(course => course.CourseId).Except(expected.Select(course => course.CourseId)).Any())
        {
            throw new ConflictException("The auto-enrolments of the user's groups or unit changed just now; save again.");
        }

        var ahead = await JoiningRules.Outlook(db, workspaceId, id, given, today, ct);
        if (!agrees(ahead))
        {
            return new(false, ahead);
        }

        var changes = tidy.Differences(current, fields);
        if (changes.Count == 0)
        {
            return new(true, []);
        }

        await Write(db, person, current, tidy, fields, now, ct);
        var enrolled = await JoiningRules.Enrol(
            db,
            workspaceId,
            id,
            [.. ahead.Where(course => course.HasSeat).Select(course => new GivenCourse(course.CourseId, course.RuleId))],
            now,
            today,
            ct
        );
        await Audit.Write(
            db,
            new AuditEntry
            {
                WorkspaceId = workspaceId,
                At = now,
                AccountId = requester.Actor.AccountId,
                TokenId = requester.Actor.TokenId,
                Address = requester.Address,
                Event = "profile.edited",
                ProfileId = id,
                Details = Json.Write(
                    new { changed = string.Join(", ", changes.Select(change => change.Member)), enrolments = enrolled.Count }
                ),
            },
            ct
        );
        await transaction.CommitAsync(ct);
        return new(true, ahead);
    }

    private static Task<IReadOnlyList<GivenCourse>> Given(
        MusterDb db,
        long workspaceId,
        PersonDetails from,
        PersonDetails to,
        CancellationToken ct
    ) => JoiningRules.CoursesOfMove(db, workspaceId, [.. to.Groups.Except(from.Groups)], from.Unit, to.Unit, ct);

    private static void CheckUnchanged(IReadOnlyList<(string Member, string Words)> changed)
    {
        if (changed.Count > 0)
        {
            var what = string.Join(", ", changed.Select(change => change.Words));
            throw new ConflictException(
                $"Somebody else has changed this user in the meantime: {what}. Nothing was saved; look at it again."
            );
        }
    }

    private static async Task Write(
        MusterDb db,
        Profile person,
        PersonDetails current,
        PersonDetails wanted,
        IReadOnlyList<CustomField> fields,
        DateTime now,
        CancellationToken ct
    )
    {
        var (workspaceId, id) = (person.WorkspaceId, person.Id);
        (person.FirstName, person.LastName) = (wanted.FirstName, wanted.LastName);
        person.SortName = Names.SortKey(wanted.FirstName, wanted.LastName);
        person.SearchText = Names.SearchText(wanted.FirstName, wanted.LastName, person.Email);
        (person.Role, person.UnitId, person.ExpiresOn, person.OperationId) = (wanted.Role, wanted.Unit, wanted.ExpiresOn, null);
        await db.SaveChangesAsync(ct);
        List<long> left = [.. current.Groups.Except(wanted.Groups)];
        await db
            .Memberships.Where(m => m.WorkspaceId == workspaceId && m.ProfileId == id && left.Contains(m.GroupId))
            .ExecuteDeleteAsync(ct);
        db.Memberships.AddRange(
            wanted
                .Groups.Except(current.Groups)
                .Select(group => new Membership
                {
                    WorkspaceId = workspaceId,
                    ProfileId = id,
                    GroupId = group,
                    AddedAt = now,
                })
        );
        List<long> unmanaged = [.. current.Manages.Except(wanted.Manages)];
        await db
            .ManagedUnits.Where(m => m.WorkspaceId == workspaceId && m.ProfileId == id && unmanaged.Contains(m.UnitId))
            .ExecuteDeleteAsync(ct);
        db.ManagedUnits.AddRange(
            wanted
                .Manages.Except(current.Manages)
                .Select(unit => new ManagedUnit
                {
                    WorkspaceId = workspaceId,
                    ProfileId = id,
                    UnitId = unit,
                })
        );
        List<CustomField> changed = [.. fields.Where(f => current.Fields.GetValueOrDefault(f.Id) != wanted.Fields.GetValueOrDefault(f.Id))];
        var changedIds = changed.ConvertAll(field => field.Id);
        await db
            .FieldValues.Where(v => v.WorkspaceId == workspaceId && v.ProfileId == id && changedIds.Contains(v.FieldId))
            .ExecuteDeleteAsync(ct);
        db.FieldValues.AddRange(changed.Where(field => wanted.Fields.ContainsKey(field.Id)).Select(field => Value(person, field, wanted)));
        await db.SaveChangesAsync(ct);
    }

    private static FieldValue Value(Profile person, CustomField field, PersonDetails wanted)
    {
        var content = FieldContent.Read(field, SheetCell.OfText(wanted.Fields[field.Id]), out _)!;
        return new()
        {
            WorkspaceId = person.WorkspaceId,
            ProfileId = person.Id,
            FieldId = field.Id,
            Text = content.Text,
            Number = content.Number,
            Date = content.Date,
            YesNo = content.YesNo,
        };
    }
}
