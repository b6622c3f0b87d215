using Microsoft.AspNetCore.Identity;

namespace Muster.Access;

/// <summary>One person's sign-in on the site. Archiving or removing a profile never deletes it.</summary>
public sealed class Account : IdentityUser<long>
{
    /// <summary>A Site Admin has every right in every workspace.</summary>
    public bool IsSiteAdmin { get; set; }

    public string FirstName { get; set; } = "";

    public string LastName { get; set; } = "";

    public DateTime CreatedAt { get; set; }
}
