namespace Muster.BrowserTests;

/// <summary>Who looks at a page.</summary>
public enum Reader
{
    /// <summary>Nobody has signed in.</summary>
    SignedOut,

    /// <summary>An account without any workspace.</summary>
    Homeless,

    /// <summary>Takes courses in the first workspace.</summary>
    Learner,

    /// <summary>Manages a unit of the first workspace.</summary>
    Manager,

    /// <summary>The Site Admin that a first run makes.</summary>
    Admin,
}

/// <summary>One page in one state.</summary>
/// <param name="Name">Names the test and the pictures.</param>
/// <param name="Route">The page's route template, as its component declares it.</param>
/// <param name="Address">Where it is; <c>{words in braces}</c> are what <see cref="Showroom"/> has prepared.</param>
/// <param name="Reader">Who looks.</param>
/// <param name="Says">Words that show the state was really reached.</param>
public sealed record Sight(string Name, string Route, string Address, Reader Reader, string Says)
{
    /// <summary>What the first request is answered with.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Clicked one after the other to reach the state.</summary>
    public IReadOnlyList<string> Clicks { get; init; } = [];

    /// <summary>The width at which the state is reached, where it is not the same at all of them.</summary>
    public int? Width { get; init; }

    /// <summary>The state exists only with script; without it the page is looked at before the clicks.</summary>
    public bool ByScript { get; init; }
}
