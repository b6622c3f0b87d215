namespace Muster.Web;

/// <summary>
/// Remembers that what a page is about is not there (any more, or in this workspace). A form posted to such a page finds no page with that form, which
/// alone would be called "out of date" (400); what is not there is 404, whichever way it is asked for.
/// </summary>
public static class NotThere
{
    private static readonly object Mark = new();

    /// <summary>Says it of this request.</summary>
    public static void Note(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Items[Mark] = true;
    }

    /// <summary>Whether it was said.</summary>
    public static bool IsNoted(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.ContainsKey(Mark);
    }
}
