namespace Muster.Web;

/// <summary>Our icons: strokes in a 24 × 24 box.</summary>
internal static class IconPaths
{
    /// <summary>Path data by name.</summary>
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["home"] = "M4 11l8-7 8 7v8.5a.5.5 0 0 1-.5.5H15v-6H9v6H4.5a.5.5 0 0 1-.5-.5z",
        ["users"] =
            "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20v-1.5A4.5 4.5 0 0 1 7 14h4a4.5 4.5 0 0 1 4.5 4.5V20M16 4.8a3.5 3.5 0 0 1 0 6.4M18.5 14.3a4.5 4.5 0 0 1 3 4.2V20",
        ["user"] = "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 20v-1.5A4.5 4.5 0 0 1 9.5 14h5a4.5 4.5 0 0 1 4.5 4.5V20",
        ["groups"] = "M4 4h16v16H4zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM7.5 19.5a4.5 4.5 0 0 1 9 0",
        ["units"] = "M9 3.5h6v5H9zM3 15.5h6v5H3zM15 15.5h6v5h-6zM12 8.5V12M6 15.5V12h12v3.5",
        ["rules"] = "M4 12a8 8 0 0 1 13.7-5.6L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 0 1-13.7 5.6L4 15.5M4 20v-4.5h4.5",
        ["operations"] = "M13 3L5 13.5h6L10.5 21 19 10.5h-6z",
        ["courses"] = "M6.5 3.5H19v17H6.5A2.5 2.5 0 0 1 4 18V6a2.5 2.5 0 0 1 2.5-2.5zM4 18a2.5 2.5 0 0 1 2.5-2.5H19",
        ["outbox"] = "M3.5 5.5h17v13h-17zM4 6l8 6.5L20 6",
        ["settings"] =
            "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
        ["search"] = "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20",
        ["moon"] = "M20 14.2A8.2 8.2 0 0 1 9.8 4 8.2 8.2 0 1 0 20 14.2z",
        ["sun"] =
            "M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3L19 19M5 19l1.7-1.7M17.3 6.7L19 5",
        ["screen"] = "M3 4.5h18v12H3zM8.5 20.5h7M12 16.5v4",
        ["menu"] = "M4 7h16M4 12h16M4 17h16",
        ["more"] = "M12 5.5v.01M12 12v.01M12 18.5v.01",
        ["down"] = "M6 9.5l6 6 6-6",
        ["right"] = "M9.5 6l6 6-6 6",
        ["left"] = "M14.5 6l-6 6 6 6",
        ["sort-up"] = "M12 19V5M6.5 10.5L12 5l5.5 5.5",
        ["sort-down"] = "M12 5v14M6.5 13.5L12 19l5.5-5.5",
        ["check"] = "M5 12.5l4.5 4.5L19 7.5",
        ["close"] = "M6 6l12 12M18 6L6 18",
        ["plus"] = "M12 5v14M5 12h14",
        ["warning"] = "M12 3.5L2.5 20h19zM12 10v4.5M12 17.2v.01",
        ["info"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.7v.01",
        ["error"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5v5.5M12 16.3v.01",
        ["success"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.3l2.8 2.8L16 9.7",
        ["download"] = "M12 4v11M7 10.5l5 5 5-5M4 20h16",
        ["upload"] = "M12 16V5M7 9.5l5-5 5 5M4 20h16",
        ["undo"] = "M8.5 4.5L4 9l4.5 4.5M4 9h10a5.5 5.5 0 0 1 0 11H9",
        ["pause"] = "M8 5v14M16 5v14",
        ["play"] = "M7 4.5v15l12-7.5z",
        ["stop"] = "M6 6h12v12H6z",
        ["clock"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.3l3.5 2",
        ["sign-out"] = "M10 4H5v16h5M10 12h10M16 8l4 4-4 4",
        ["edit"] = "M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19zM14 6.5l3.5 3.5",
        ["delete"] = "M4.5 6.5h15M9 6.5V4h6v2.5M6.5 6.5l1 14h9l1-14M10 10.5v6M14 10.5v6",
        ["file"] = "M6 3h8l4.5 4.5V21H6zM14 3v4.5h4.5",
        ["paste"] = "M8 5H5.5v16h13V5H16M8.5 3h7v4h-7zM9 12h6M9 16h6",
    };
}
