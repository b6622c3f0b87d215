using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Muster.People;

namespace Muster.Data;

internal sealed class WorkspaceConfiguration : IEntityTypeConfiguration<Workspace>
{
    public void Configure(EntityTypeBuilder<Workspace> table)
    {
        table.HasKey(w => w.Id);
        table.Property(w => w.Id).ValueGeneratedNever();
        table.Property(w => w.Name).HasMaxLength(100);
        table.Property(w => w.TimeZone).HasMaxLength(64);
    }
}

internal sealed class ProfileConfiguration : IEntityTypeConfiguration<Profile>
{
    public void Configure(EntityTypeBuilder<Profile> table)
    {
        table.HasKey(p => new { p.WorkspaceId, p.Id });
        table.Property(p => p.Email).HasMaxLength(254);
        table.Property(p => p.EmailKey).HasMaxLength(254);
        table.Property(p => p.FirstName).HasMaxLength(100);
        table.Property(p => p.LastName).HasMaxLength(100);
        table.HasIndex(p => new { p.WorkspaceId, p.EmailKey }).IsUnique();
        table.HasIndex(p => new { p.WorkspaceId, p.AccountId }).IsUnique();
        table.HasIndex(p => p.AccountId);
        table.HasIndex(p => new
        {
            p.WorkspaceId,
            p.SortName,
            p.Id,
        });
        table.HasIndex(p => new
        {
            p.WorkspaceId,
            p.UnitId,
            p.SortName,
            p.Id,
        });
        table.HasIndex(p => new
        {
            p.WorkspaceId,
            p.Role,
            p.SortName,
            p.Id,
        });
        // One for the list as it opens, one for whom it hides, and one for each status that may be rare among them; with the status as
        // a column of one index, archiving a million people would write two places of it for each.
        foreach (
            var (name, filter) in new[]
            {
                ("ix_profiles_present", "status < 2"),
                ("ix_profiles_gone", "status >= 2"),
                ("ix_profiles_invited", "status = 0"),
                ("ix_profiles_cancelled", "status = 3"),
            }
        )
        {
            table
                .HasIndex(
                    p => new
                    {
                        p.WorkspaceId,
                        p.SortName,
                        p.Id,
                    },
                    name
                )
                .HasFilter(filter);
        }

        table.HasIndex(p => new { p.WorkspaceId, p.ExpiresOn }).HasFilter("expires_on IS NOT NULL");
        table.HasOne<OrganisationUnit>().WithMany().HasForeignKey(p => new { p.WorkspaceId, p.UnitId });
    }
}

internal sealed class ManagedUnitConfiguration : IEntityTypeConfiguration<ManagedUnit>
{
    public void Configure(EntityTypeBuilder<ManagedUnit> table)
    {
        table.HasKey(m => new
        {
            m.WorkspaceId,
            m.ProfileId,
            m.UnitId,
        });
        table.HasOne<OrganisationUnit>().WithMany().HasForeignKey(m => new { m.WorkspaceId, m.UnitId });
        table.HasOne<Profile>().WithMany().HasForeignKey(m => new { m.WorkspaceId, m.ProfileId });
    }
}

internal sealed class OrganisationUnitConfiguration : IEntityTypeConfiguration<OrganisationUnit>
{
    public void Configure(EntityTypeBuilder<OrganisationUnit> table)
    {
        table.HasKey(u => new { u.WorkspaceId, u.Id });
        table.Property(u => u.Name).HasMaxLength(100);
        table.HasIndex(u => new { u.WorkspaceId, u.PathKey }).IsUnique();
        table.HasOne<OrganisationUnit>().WithMany().HasForeignKey(u => new { u.WorkspaceId, u.ParentId });
    }
}

internal sealed class UnitAncestorConfiguration : IEntityTypeConfiguration<UnitAncestor>
{
    public void Configure(EntityTypeBuilder<UnitAncestor> table)
    {
        table.HasKey(a => new
        {
            a.WorkspaceId,
            a.AncestorId,
            a.UnitId,
        });
        table.HasIndex(a => new { a.WorkspaceId, a.UnitId });
        table.HasOne<OrganisationUnit>().WithMany().HasForeignKey(a => new { a.WorkspaceId, a.UnitId });
    }
}

internal sealed class GroupConfiguration : IEntityTypeConfiguration<Group>
{
    public void Configure(EntityTypeBuilder<Group> table)
    {
        table.HasKey(g => new { g.WorkspaceId, g.Id });
        table.Property(g => g.Name).HasMaxLength(100);
        table.HasIndex(g => new { g.WorkspaceId, g.NameKey }).IsUnique();
    }
}

internal sealed class MembershipConfiguration : IEntityTypeConfiguration<Membership>
{
    public void Configure(EntityTypeBuilder<Membership> table)
    {
        table.HasKey(m => new
        {
            m.WorkspaceId,
            m.ProfileId,
            m.GroupId,
        });
        table.HasIndex(m => new
        {
            m.WorkspaceId,
            m.GroupId,
            m.ProfileId,
        });
        table.HasOne<Profile>().WithMany().HasForeignKey(m => new { m.WorkspaceId, m.ProfileId });
        table.HasOne<Group>().WithMany().HasForeignKey(m => new { m.WorkspaceId, m.GroupId });
    }
}

internal sealed class RemovedMembershipConfiguration : IEntityTypeConfiguration<RemovedMembership>
{
    public void Configure(EntityTypeBuilder<RemovedMembership> table) =>
        table.HasKey(m => new
        {
            m.WorkspaceId,
            m.OperationId,
            m.ProfileId,
            m.GroupId,
        });
}

internal sealed class CustomFieldConfiguration : IEntityTypeConfiguration<CustomField>
{
    public void Configure(EntityTypeBuilder<CustomField> table)
    {
        table.ToTable("fields");
        table.HasKey(f => new { f.WorkspaceId, f.Id });
        table.Property(f => f.Name).HasMaxLength(100);
        table.HasIndex(f => new { f.WorkspaceId, f.NameKey }).IsUnique();
    }
}

internal sealed class FieldValueConfiguration : IEntityTypeConfiguration<FieldValue>
{
    public void Configure(EntityTypeBuilder<FieldValue> table)
    {
        table.HasKey(v => new
        {
            v.WorkspaceId,
            v.ProfileId,
            v.FieldId,
        });
        table.HasIndex(v => new
        {
            v.WorkspaceId,
            v.FieldId,
            v.TextKey,
            v.ProfileId,
        });
        table.HasOne<CustomField>().WithMany().HasForeignKey(v => new { v.WorkspaceId, v.FieldId });
        table.HasOne<Profile>().WithMany().HasForeignKey(v => new { v.WorkspaceId, v.ProfileId });
    }
}

internal sealed class InvitationConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> table)
    {
        table.HasKey(i => new { i.WorkspaceId, i.ProfileId });
        table.Property(i => i.TokenHash).HasMaxLength(64);
        table.HasOne<Profile>().WithMany().HasForeignKey(i => new { i.WorkspaceId, i.ProfileId });
    }
}

internal sealed class InvitationRowConfiguration : IEntityTypeConfiguration<InvitationRow>
{
    public void Configure(EntityTypeBuilder<InvitationRow> table) =>
        table.HasKey(r => new
        {
            r.WorkspaceId,
            r.OperationId,
            r.Ordinal,
        });
}

internal sealed class InvitationRowGroupConfiguration : IEntityTypeConfiguration<InvitationRowGroup>
{
    public void Configure(EntityTypeBuilder<InvitationRowGroup> table) =>
        table.HasKey(r => new
        {
            r.WorkspaceId,
            r.OperationId,
            r.Ordinal,
            r.GroupId,
        });
}

internal sealed class InvitationRowUnitConfiguration : IEntityTypeConfiguration<InvitationRowUnit>
{
    public void Configure(EntityTypeBuilder<InvitationRowUnit> table) =>
        table.HasKey(r => new
        {
            r.WorkspaceId,
            r.OperationId,
            r.Ordinal,
            r.UnitId,
        });
}

internal sealed class InvitationRowValueConfiguration : IEntityTypeConfiguration<InvitationRowValue>
{
    public void Configure(EntityTypeBuilder<InvitationRowValue> table) =>
        table.HasKey(r => new
        {
            r.WorkspaceId,
            r.OperationId,
            r.Ordinal,
            r.FieldId,
        });
}
