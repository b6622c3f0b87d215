namespace Muster.Web;

/// <summary>An entry of the side navigation.</summary>
public sealed record NavigationLink(string Text, string Icon, string Href, bool Current);

/// <summary>A titled part of the side navigation; the first part has no title.</summary>
public sealed record NavigationPart(string? Title, IReadOnlyList<NavigationLink> Links);

/// <summary>The side navigation: what this reader may open, and only pages this program has.</summary>
public sealed class Navigation(EndpointDataSource endpoints)
{
    private enum Readers
    {
        Everybody,
        Managers,
        Admins,
    }

    private sealed record Entry(string? Part, string Text, string Icon, string Path, Readers OpenTo);

    private static readonly Entry[] Entries =
    [
        new(null, "Home", "home", "", Readers.Managers),
        new(null, "My courses", "courses", "/my-courses", Readers.Everybody),
        new("People", "Users", "users", "/users", Readers.Managers),
        new("People", "Groups", "groups", "/groups", Readers.Admins),
        new("People", "Organisation units", "units", "/units", Readers.Admins),
        new("People", "Auto-enrolments", "rules", "/rules", Readers.Admins),
        new("People", "Operations", "operations", "/operations", Readers.Managers),
        new("Catalogue", "Courses", "courses", "/courses", Readers.Managers),
        new("Workspace", "Outbox", "outbox", "/outbox", Readers.Admins),
        new("Workspace", "Settings", "settings", "/settings", Readers.Admins),
        new("Workspace", "E-mail texts", "edit", "/settings/emails", Readers.Admins),
        new("Workspace", "Audit", "clock", "/audit", Readers.Admins),
    ];

    /// <summary>Pages about the whole site, for Site Admins wherever they are.</summary>
    private static readonly Entry[] SiteEntries =
    [
        new("Site", "Workspaces", "units", "/site/workspaces", Readers.Admins),
        new("Site", "Site Admins", "user", "/site/admins", Readers.Admins),
    ];

    private readonly Lazy<HashSet<string>> _pages = new(() =>
        endpoints
            .Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern)
            .Where(pattern =>
                pattern.PathSegments is [{ IsSimple: true } first, { IsSimple: true }, ..]
                && first.Parts[0] is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart { Content: "w" }
                && pattern.Parameters.Count == 1
            )
            .Select(pattern =>
                string.Concat(
                    pattern
                        .PathSegments.Skip(2)
                        .Select(segment =>
                            segment.Parts[0] is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart part
                                ? "/" + part.Content
                                : "/{}"
                        )
                )
            )
            .ToHashSet(StringComparer.Ordinal)
    );

    /// <summary>The parts for this reader at this path.</summary>
    public IReadOnlyList<NavigationPart> Parts(Shell shell, string path)
    {
        var here = shell.Workspace is null ? [] : Entries.Where(entry => _pages.Value.Contains(entry.Path) && MayOpen(entry.OpenTo, shell));
        return [.. Linked(here, "/w/" + shell.Workspace, path), .. Linked(shell.AdministersSite ? SiteEntries : [], "", path)];
    }

    private static IEnumerable<NavigationPart> Linked(IEnumerable<Entry> entries, string root, string path)
    {
        var open = entries.ToList();
        // The longest of those that fit: a page below another has an entry of its own.
        var current = open.Where(entry => IsAt(path, root + entry.Path, entry.Path.Length == 0)).MaxBy(entry => entry.Path.Length);
        return open.GroupBy(entry => entry.Part)
            .Select(part => new NavigationPart(
                part.Key,
                [.. part.Select(entry => new NavigationLink(entry.Text, entry.Icon, root + entry.Path, entry == current))]
            ));
    }

    private static bool IsAt(string path, string href, bool exactly) =>
        path.Equals(href, StringComparison.OrdinalIgnoreCase)
        || (!exactly && path.StartsWith(href + "/", StringComparison.OrdinalIgnoreCase));

    private static bool MayOpen(Readers readers, Shell shell) =>
        readers switch
        {
            Readers.Everybody => true,
            Readers.Managers => shell.Administers || shell.Manages,
            Readers.Admins => shell.Administers,
            _ => false,
        };
}
