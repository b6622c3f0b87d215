namespace Muster.Bench;

/// <summary>How long one thing took, again and again, in milliseconds.</summary>
public sealed class Times
{
    private readonly List<double> all = [];

    public int Count
    {
        get
        {
            lock (all)
            {
                return all.Count;
            }
        }
    }

    public void Add(double milliseconds)
    {
        lock (all)
        {
            all.Add(milliseconds);
        }
    }

    /// <summary>The time that this share of all took at most; 1 is the longest.</summary>
    public double At(double share)
    {
        lock (all)
        {
            return all.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(all.Count * share) - 1));
        }
    }
}

/// <summary>Everything measured on one database: times by what took them, and promises that did not hold.</summary>
public sealed class Figures(string database)
{
    private readonly Dictionary<string, Times> times = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Times> alone = new(StringComparer.Ordinal);
    private readonly List<string> broken = [];

    public string Database => database;

    /// <summary>In the order in which they were first asked for.</summary>
    public IEnumerable<(string What, Times Times)> All
    {
        get
        {
            lock (times)
            {
                return [.. times.Where(t => t.Value.Count > 0).Select(t => (t.Key, t.Value))];
            }
        }
    }

    /// <summary>Sentences about what should not have happened.</summary>
    public IReadOnlyList<string> Broken => broken;

    /// <summary>For each pause and cancellation the chunks committed after its request was sent, by how many milliseconds after.</summary>
    public List<IReadOnlyList<double>> ChunksAfterStop { get; } = [];

    public Times Of(string what) => In(times, what);

    /// <summary>The same while nothing else is going on.</summary>
    public Times Alone(string what) => In(alone, what);

    private Times In(Dictionary<string, Times> which, string what)
    {
        lock (times)
        {
            return which.TryGetValue(what, out var found) ? found : which[what] = new();
        }
    }

    /// <summary>Notes a promise that did not hold.</summary>
    public void Check(bool holds, FormattableString sentence)
    {
        if (!holds)
        {
            lock (broken)
            {
                broken.Add($"{database}: {FormattableString.Invariant(sentence)}");
            }
        }
    }
}
