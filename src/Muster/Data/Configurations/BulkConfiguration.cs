using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Muster.Bulk;
using Muster.Mail;

namespace Muster.Data;

internal sealed class OperationConfiguration : IEntityTypeConfiguration<Operation>
{
    public void Configure(EntityTypeBuilder<Operation> table)
    {
        table.HasKey(o => new { o.WorkspaceId, o.Id });
        table.Property(o => o.Action).HasMaxLength(100);
        // What runners look for: previewing (1), queued (3), running (4), scheduled (9); finished operations are not in the index.
        table.HasIndex(o => new { o.WorkspaceId, o.Status }).HasFilter("status IN (1, 3, 4, 9)");
    }
}

internal sealed class ScheduleConfiguration : IEntityTypeConfiguration<Schedule>
{
    public void Configure(EntityTypeBuilder<Schedule> table)
    {
        table.HasKey(s => new { s.WorkspaceId, s.Id });
        table.Property(s => s.Name).HasMaxLength(100);
        table.Property(s => s.Action).HasMaxLength(100);
        table.Property(s => s.Cron).HasMaxLength(100);
        // What every node asks for now and then, across workspaces.
        table.HasIndex(s => s.NextAt).HasFilter("next_at IS NOT NULL");
    }
}

internal sealed class OperationUserConfiguration : IEntityTypeConfiguration<OperationUser>
{
    public void Configure(EntityTypeBuilder<OperationUser> table)
    {
        table.HasKey(u => new
        {
            u.WorkspaceId,
            u.OperationId,
            u.Position,
        });
        table.Property(u => u.Problem).HasMaxLength(50);
        // Rows are written by statements that do not name it.
        table.Property(u => u.WasToChange).HasDefaultValue(false);
        // A user's history, and "is this user mentioned before?".
        table.HasIndex(u => new
        {
            u.WorkspaceId,
            u.ProfileId,
            u.OperationId,
            u.Position,
        });
    }
}

internal sealed class OperationRowConfiguration : IEntityTypeConfiguration<OperationRow>
{
    public void Configure(EntityTypeBuilder<OperationRow> table)
    {
        table.HasKey(r => new
        {
            r.WorkspaceId,
            r.OperationId,
            r.Ordinal,
        });
        table.HasIndex(r => new
        {
            r.WorkspaceId,
            r.OperationId,
            r.EmailKey,
            r.Ordinal,
        });
    }
}

internal sealed class OperationItemConfiguration : IEntityTypeConfiguration<OperationItem>
{
    public void Configure(EntityTypeBuilder<OperationItem> table)
    {
        table.HasKey(i => new
        {
            i.WorkspaceId,
            i.OperationId,
            i.Position,
            i.TargetId,
        });
        // As people read them.
        table.HasIndex(i => new
        {
            i.WorkspaceId,
            i.OperationId,
            i.Ordinal,
            i.TargetId,
        });
        table.Property(i => i.Reason).HasMaxLength(50);
        table.Property(i => i.OutcomeReason).HasMaxLength(500);
        // Each item is written once more, with its outcome. Room on its page spares PostgreSQL a new entry in every index.
        table.HasStorageParameter("fillfactor", 60);
        // Few items are not "will change"; finding those must not read the million that are. No foreign keys: see ADR 3.
        table
            .HasIndex(i => new
            {
                i.WorkspaceId,
                i.OperationId,
                i.Verdict,
                i.Reason,
                i.Ordinal,
                i.TargetId,
            })
            .HasFilter("verdict <> 0");
    }
}

internal sealed class UntickedUserConfiguration : IEntityTypeConfiguration<UntickedUser>
{
    public void Configure(EntityTypeBuilder<UntickedUser> table) =>
        table.HasKey(u => new
        {
            u.WorkspaceId,
            u.OperationId,
            u.Who,
        });
}

internal sealed class MendedRowConfiguration : IEntityTypeConfiguration<MendedRow>
{
    public void Configure(EntityTypeBuilder<MendedRow> table) =>
        table.HasKey(r => new
        {
            r.WorkspaceId,
            r.OperationId,
            r.RowNumber,
        });
}

internal sealed class OperationFileConfiguration : IEntityTypeConfiguration<OperationFile>
{
    public void Configure(EntityTypeBuilder<OperationFile> table)
    {
        table.HasKey(f => new { f.WorkspaceId, f.OperationId });
        table.Property(f => f.Name).HasMaxLength(255);
    }
}

internal sealed class WorkspaceLeaseConfiguration : IEntityTypeConfiguration<WorkspaceLease>
{
    public void Configure(EntityTypeBuilder<WorkspaceLease> table) => table.HasKey(l => l.WorkspaceId);
}

internal sealed class IdempotencyKeyConfiguration : IEntityTypeConfiguration<IdempotencyKey>
{
    public void Configure(EntityTypeBuilder<IdempotencyKey> table)
    {
        table.HasKey(k => new { k.WorkspaceId, k.Key });
        table.Property(k => k.Key).HasMaxLength(200);
    }
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> table)
    {
        table.ToTable("audit");
        table.HasKey(a => new { a.WorkspaceId, a.Id });
        table.Property(a => a.Event).HasMaxLength(50);
        table.HasIndex(a => new
        {
            a.WorkspaceId,
            a.OperationId,
            a.Id,
        });
    }
}

internal sealed class IdBlockConfiguration : IEntityTypeConfiguration<IdBlock>
{
    public void Configure(EntityTypeBuilder<IdBlock> table) => table.HasKey(b => b.WorkspaceId);
}

internal sealed class OutboxMessageConfiguration : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> table)
    {
        table.ToTable("outbox");
        table.HasKey(m => new
        {
            m.WorkspaceId,
            m.OperationId,
            m.ProfileId,
            m.Purpose,
        });
        // What the sender looks for; sent messages are not in the index.
        table.HasIndex(m => new { m.WorkspaceId, m.DueAt }).HasFilter("status = 0");
        // Who sends what at present: a few hundred rows, however many wait.
        table.HasIndex(m => new { m.WorkspaceId, m.ClaimedAt }).HasFilter("claimed_at IS NOT NULL");
        table.HasIndex(m => new { m.WorkspaceId, m.ProfileId });
        // The few that were not sent, as the outbox page lists them by status; sent messages are not in the index.
        table
            .HasIndex(m => new
            {
                m.WorkspaceId,
                m.Status,
                m.OperationId,
                m.ProfileId,
            })
            .HasFilter("status <> 1");
    }
}

internal sealed class LetterTextConfiguration : IEntityTypeConfiguration<LetterText>
{
    public void Configure(EntityTypeBuilder<LetterText> table)
    {
        table.HasKey(t => new { t.WorkspaceId, t.Purpose });
        table.Property(t => t.Subject).HasMaxLength(LetterText.MaxSubject);
        table.Property(t => t.Body).HasMaxLength(LetterText.MaxBody);
    }
}
