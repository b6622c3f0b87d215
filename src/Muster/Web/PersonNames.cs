namespace Muster.Web;

/// <summary>Names as people type them into a form of their own.</summary>
internal static class PersonNames
{
    private const int Longest = 100;

    /// <summary>Adds an error when a name is missing, too long or not one line.</summary>
    public static void Check(FieldErrors errors, string field, string what, string name)
    {
        if (name.Length == 0)
        {
            errors.Add(field, $"Enter your {what}");
        }
        else if (name.Length > Longest || name.Any(char.IsControl))
        {
            errors.Add(field, $"Enter your {what} in one line of at most {Longest} characters");
        }
    }
}
