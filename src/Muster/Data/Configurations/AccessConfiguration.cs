using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Muster.Access;

namespace Muster.Data;

internal sealed class AccountConfiguration : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> table)
    {
        table.ToTable("accounts");
        table.Property(a => a.Id).ValueGeneratedNever();
        table.HasIndex(a => a.NormalizedEmail).IsUnique();
        // Site Admins are few among a million accounts, and asked for with every operation.
        table.HasIndex(a => a.IsSiteAdmin).HasFilter("is_site_admin");
    }
}

internal sealed class ApiTokenConfiguration : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> table)
    {
        table.HasKey(t => new { t.WorkspaceId, t.Id });
        table.Property(t => t.Name).HasMaxLength(100);
        table.Property(t => t.TokenHash).HasMaxLength(64);
        table.HasIndex(t => new { t.WorkspaceId, t.TokenHash }).IsUnique();
    }
}
