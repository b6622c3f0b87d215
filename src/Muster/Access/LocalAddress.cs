namespace Muster.Access;

/// <summary>Where to go next when the address came with the request: never to another site.</summary>
public static class LocalAddress
{
    /// <summary>The address if it is a path of this site, else the other one.</summary>
    public static string Or(string? address, string otherwise) => address is not null && IsLocal(address) ? address : otherwise;

    // Browsers read a backslash as a slash and drop control characters: "/\t/evil.example" is another site.
    private static bool IsLocal(string address) =>
        address.StartsWith('/')
        && !address.StartsWith("//", StringComparison.Ordinal)
        && !address.Contains('\\')
        && !address.Any(char.IsControl);
}
