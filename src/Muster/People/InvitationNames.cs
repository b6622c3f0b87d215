namespace Muster.People;

/// <summary>Existing names (unit paths, groups) by which cells are understood, and the nearest one to a name that does not exist.</summary>
internal sealed class InvitationNames
{
    /// <summary>Comparing with every name takes time, so that a file full of wrong names gets this many proposals and no more.</summary>
    private const int MostProposals = 200;

    private readonly Dictionary<string, (long Id, string Name)> byKey;
    private readonly Dictionary<string, string?> proposals = new(StringComparer.Ordinal);

    public InvitationNames(IEnumerable<(string Key, long Id, string Name)> names) =>
        byKey = names.ToDictionary(name => name.Key, name => (name.Id, name.Name), StringComparer.Ordinal);

    /// <summary>Finds a name without regard to case, accents and stray spaces.</summary>
    public bool TryFind(string name, out long id)
    {
        var found = byKey.TryGetValue(Key(name), out var known);
        id = known.Id;
        return found;
    }

    /// <summary>The existing name that was probably meant, or null.</summary>
    public string? Nearest(string name)
    {
        var key = Key(name);
        if (proposals.TryGetValue(key, out var known))
        {
            return known;
        }

        if (proposals.Count >= MostProposals || key.Length > 200)
        {
            return null;
        }

        var last = Last(key);
        var nearest = byKey
            .Select(pair => (pair.Value.Name, Distance: Last(pair.Key) == last ? 1 : Distance(key, pair.Key, Math.Max(2, key.Length / 3))))
            .Where(candidate => candidate.Distance < int.MaxValue)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name.Length)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
        return proposals[key] = nearest;
    }

    /// <summary>Folded, with one space around each slash and none elsewhere at the edges of a part.</summary>
    private static string Key(string name) =>
        Names.Fold(
            string.Join(
                OrganisationUnit.Separator,
                name.Split('/').Select(part => string.Join(' ', part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
            )
        );

    private static string Last(string key) => key[(key.LastIndexOf('/') + 1)..].TrimStart();

    /// <summary>How many letters must be changed, added or taken out; <see cref="int.MaxValue"/> when more than <paramref name="most"/>.</summary>
    private static int Distance(string a, string b, int most)
    {
        if (Math.Abs(a.Length - b.Length) > most)
        {
            return int.MaxValue;
        }

        var above = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            above[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
                least = Math.Min(least, row[j]);
            }

            if (least > most)
            {
                return int.MaxValue;
            }

            (above, row) = (row, above);
        }

        return above[b.Length] <= most ? above[b.Length] : int.MaxValue;
    }
}
