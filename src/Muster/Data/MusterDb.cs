using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Muster.Access;
using Muster.Bulk;
using Muster.Learning;
using Muster.Mail;
using Muster.People;

namespace Muster.Data;

/// <summary>The whole model. Two subclasses carry the migrations of the two databases it runs on.</summary>
public abstract class MusterDb(DbContextOptions options) : IdentityUserContext<Account, long>(options), IDataProtectionKeyContext
{
    public DbSet<Workspace> Workspaces => Set<Workspace>();
    public DbSet<Profile> Profiles => Set<Profile>();
    public DbSet<ManagedUnit> ManagedUnits => Set<ManagedUnit>();
    public DbSet<OrganisationUnit> Units => Set<OrganisationUnit>();
    public DbSet<UnitAncestor> UnitAncestors => Set<UnitAncestor>();
    public DbSet<Group> Groups => Set<Group>();
    public DbSet<Membership> Memberships => Set<Membership>();
    public DbSet<RemovedMembership> RemovedMemberships => Set<RemovedMembership>();
    public DbSet<CustomField> Fields => Set<CustomField>();
    public DbSet<FieldValue> FieldValues => Set<FieldValue>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<InvitationRow> InvitationRows => Set<InvitationRow>();
    public DbSet<InvitationRowGroup> InvitationRowGroups => Set<InvitationRowGroup>();
    public DbSet<InvitationRowUnit> InvitationRowUnits => Set<InvitationRowUnit>();
    public DbSet<InvitationRowValue> InvitationRowValues => Set<InvitationRowValue>();
    public DbSet<Course> Courses => Set<Course>();
    public DbSet<Enrolment> Enrolments => Set<Enrolment>();
    public DbSet<AutoEnrolmentRule> Rules => Set<AutoEnrolmentRule>();
    public DbSet<RuleTarget> RuleTargets => Set<RuleTarget>();
    public DbSet<RuleCourse> RuleCourses => Set<RuleCourse>();
    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();
    public DbSet<LetterText> LetterTexts => Set<LetterText>();
    public DbSet<Operation> Operations => Set<Operation>();
    public DbSet<Schedule> Schedules => Set<Schedule>();
    public DbSet<OperationUser> OperationUsers => Set<OperationUser>();
    public DbSet<OperationRow> OperationRows => Set<OperationRow>();
    public DbSet<OperationItem> OperationItems => Set<OperationItem>();
    public DbSet<UntickedUser> UntickedUsers => Set<UntickedUser>();
    public DbSet<MendedRow> MendedRows => Set<MendedRow>();
    public DbSet<OperationFile> OperationFiles => Set<OperationFile>();
    public DbSet<WorkspaceLease> WorkspaceLeases => Set<WorkspaceLease>();
    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();
    public DbSet<IdBlock> IdBlocks => Set<IdBlock>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>The workspace that the filtered sets show; 0 shows none. Set once, by whoever opens the unit of work.</summary>
    public long WorkspaceId { get; set; }

    /// <summary>True on the embedded database, false on a server.</summary>
    public bool IsSqlite => Database.ProviderName!.EndsWith("Sqlite", StringComparison.Ordinal);

    /// <summary>A text as the database writes it in small letters, for the conditions of queries.</summary>
    [DbFunction("lower", IsBuiltIn = true, IsNullable = false)]
    public static string Lower(string? text) => throw new InvalidOperationException("Only a query can ask for it.");

    protected override void OnModelCreating(ModelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(MusterDb).Assembly);
        ModelConventions.Apply(builder, this);
    }
}

/// <summary>The model on SQLite.</summary>
public sealed class SqliteMusterDb : MusterDb
{
    public SqliteMusterDb(DbContextOptions<SqliteMusterDb> options)
        : base(options)
    {
        // A single row, too, is saved in a transaction: those are counted (SqliteWriters).
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
    }
}

/// <summary>The model on PostgreSQL.</summary>
public sealed class PostgresMusterDb(DbContextOptions<PostgresMusterDb> options) : MusterDb(options);
