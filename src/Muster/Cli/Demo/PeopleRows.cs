using Muster.Access;
using Muster.Data;
using Muster.Learning;
using Muster.People;

namespace Muster.Cli;

/// <summary>A batch of invented people with everything that belongs to them, to be inserted table by table.</summary>
internal sealed class PeopleRows
{
    public List<Account> Accounts { get; } = [];
    public List<Profile> Profiles { get; } = [];
    public List<ManagedUnit> ManagedUnits { get; } = [];
    public List<Invitation> Invitations { get; } = [];
    public List<Membership> Memberships { get; } = [];
    public List<FieldValue> FieldValues { get; } = [];
    public List<Enrolment> Enrolments { get; } = [];

    public async Task Insert(MusterDb db, CancellationToken ct)
    {
        await db.BulkInsert(Accounts, ct);
        await db.BulkInsert(Profiles, ct);
        await db.BulkInsert(ManagedUnits, ct);
        await db.BulkInsert(Invitations, ct);
        await db.BulkInsert(Memberships, ct);
        await db.BulkInsert(FieldValues, ct);
        await db.BulkInsert(Enrolments, ct);
    }
}
