using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Muster.Learning;
using Muster.People;

namespace Muster.Data;

internal sealed class CourseConfiguration : IEntityTypeConfiguration<Course>
{
    public void Configure(EntityTypeBuilder<Course> table)
    {
        table.HasKey(c => new { c.WorkspaceId, c.Id });
        table.Property(c => c.Title).HasMaxLength(200);
        table.Property(c => c.ExternalReference).HasMaxLength(200);
    }
}

internal sealed class EnrolmentConfiguration : IEntityTypeConfiguration<Enrolment>
{
    public void Configure(EntityTypeBuilder<Enrolment> table)
    {
        table.HasKey(e => new
        {
            e.WorkspaceId,
            e.ProfileId,
            e.CourseId,
            e.Attempt,
        });
        // At most one open attempt a course: statuses below Completed (3) are open.
        table
            .HasIndex(e => new
            {
                e.WorkspaceId,
                e.CourseId,
                e.ProfileId,
            })
            .IsUnique()
            .HasFilter("status < 3");
        // Attempts that run out by date. The status is there so that SQLite, which knows no better without statistics, prefers it to the index below.
        table
            .HasIndex(e => new
            {
                e.WorkspaceId,
                e.CourseId,
                e.ExpiresOn,
                e.Status,
            })
            .HasFilter("status < 3 AND expires_on IS NOT NULL");
        // A course's attempts as people page through them, and their counts by status and dates, which nothing but this index is read for.
        // The course comes first, so that it is of no use without one: beginning with the workspace, SQLite read it whole for each person whose attempts were asked for.
        table.HasIndex(e => new
        {
            e.CourseId,
            e.WorkspaceId,
            e.Status,
            e.ProfileId,
            e.Attempt,
            e.StartsOn,
            e.ExpiresOn,
        });
        table.HasOne<Profile>().WithMany().HasForeignKey(e => new { e.WorkspaceId, e.ProfileId });
        table.HasOne<Course>().WithMany().HasForeignKey(e => new { e.WorkspaceId, e.CourseId });
    }
}

internal sealed class AutoEnrolmentRuleConfiguration : IEntityTypeConfiguration<AutoEnrolmentRule>
{
    public void Configure(EntityTypeBuilder<AutoEnrolmentRule> table)
    {
        table.ToTable("rules");
        table.HasKey(r => new { r.WorkspaceId, r.Id });
        table.Property(r => r.Name).HasMaxLength(100);
        table.Property(r => r.Description).HasMaxLength(1000);
    }
}

internal sealed class RuleTargetConfiguration : IEntityTypeConfiguration<RuleTarget>
{
    public void Configure(EntityTypeBuilder<RuleTarget> table)
    {
        table.HasKey(t => new
        {
            t.WorkspaceId,
            t.RuleId,
            t.TargetId,
        });
        table.HasOne<AutoEnrolmentRule>().WithMany().HasForeignKey(t => new { t.WorkspaceId, t.RuleId });
    }
}

internal sealed class RuleCourseConfiguration : IEntityTypeConfiguration<RuleCourse>
{
    public void Configure(EntityTypeBuilder<RuleCourse> table)
    {
        table.HasKey(c => new
        {
            c.WorkspaceId,
            c.RuleId,
            c.CourseId,
        });
        table.HasOne<AutoEnrolmentRule>().WithMany().HasForeignKey(c => new { c.WorkspaceId, c.RuleId });
        table.HasOne<Course>().WithMany().HasForeignKey(c => new { c.WorkspaceId, c.CourseId });
    }
}
