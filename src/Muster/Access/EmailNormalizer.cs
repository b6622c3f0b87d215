using Microsoft.AspNetCore.Identity;
using Muster.Files;

namespace Muster.Access;

/// <summary>Accounts are found by the same form of an address as profiles are (<see cref="EmailAddress.Key"/>): any case, any writing of the domain.</summary>
internal sealed class EmailNormalizer : ILookupNormalizer
{
    public string? NormalizeEmail(string? email) =>
        email is null ? null
        : EmailAddress.TryParse(email, out var address, out _, allowDotless: true) ? address.Key
        : email.Trim().ToLowerInvariant();

    public string? NormalizeName(string? name) => NormalizeEmail(name);
}
