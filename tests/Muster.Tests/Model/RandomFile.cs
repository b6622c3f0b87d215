using System.Collections.Immutable;
using System.Text;
using Muster.People;

namespace Muster.Tests;

/// <summary>An invitation file drawn at random: new people and people of every status, some of them twice, and rows with a wrong cell.</summary>
internal sealed class RandomFile
{
    private static readonly string[] Columns =
    [
        "Email",
        "First name",
        "Last name",
        "Role",
        "Organisation unit",
        "Groups",
        "Manages",
        "Expiry date",
        "Staff number",
        "Since",
    ];

    /// <summary>A column, what is wrong in it, and the reason it gets.</summary>
    private static readonly (string Column, string Cell, string Reason)[] Wrong =
    [
        ("Email", "nobody at example.org", "bad-email"),
        ("First name", "", "bad-name"),
        ("Last name", new('x', 101), "bad-name"),
        ("Role", "Emperor", "unknown-role"),
        ("Organisation unit", "Unit / Beside", "unknown-unit"),
        ("Groups", "Group A; Group Z", "unknown-group"),
        ("Manages", "Nowhere", "unknown-managed-unit"),
        ("Expiry date", "soon", "bad-date"),
        ("Expiry date", "2026-05-03", "date-in-the-past"),
        ("Since", "the 31st", "bad-field"),
    ];

    private readonly RandomWorld scene;
    private readonly Random random;
    private readonly List<string> emails = [];

    /// <summary>Draws one.</summary>
    public RandomFile(RandomWorld scene, World world, Random random)
    {
        (this.scene, this.random) = (scene, random);
        var known = world.People.Values.ToDictionary(p => p.Email, p => p.Id, StringComparer.OrdinalIgnoreCase);
        var rows = ImmutableDictionary.CreateBuilder<long, ModelRow>();
        var people = new List<Forecast>();
        var text = new StringBuilder(string.Join(',', Columns)).Append("\r\n");
        for (var ordinal = 1; ordinal <= 60; ordinal++)
        {
            var (row, cells) = Row(ordinal, known.Keys);
            var place = new Forecast(ordinal, 0, 0);
            if (random.Next(5) == 0)
            {
                var wrong = Wrong[random.Next(Wrong.Length)];
                cells[wrong.Column] = wrong.Cell;
                people.Add(place with { Reason = wrong.Reason, IsProblem = true });
            }
            else if (rows.Values.Any(r => r.EmailKey == row.EmailKey))
            {
                people.Add(place with { Reason = "duplicate-row", IsProblem = true });
            }
            else
            {
                rows.Add(ordinal, row);
                people.Add(place with { Person = known.GetValueOrDefault(row.EmailKey) });
            }

            text.Append(random.Next(8) == 0 ? ",,,\r\n" : "").AppendJoin(',', Columns.Select(c => Quoted(cells[c]))).Append("\r\n");
        }

        (Rows, People, Content) = (rows.ToImmutable(), people, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The rows that count, by their place.</summary>
    public ImmutableDictionary<long, ModelRow> Rows { get; }

    /// <summary>The places in the file; whoever is new has no id yet.</summary>
    public IReadOnlyList<Forecast> People { get; }

    /// <summary>The file, as CSV.</summary>
    public byte[] Content { get; }

    private (ModelRow Row, Dictionary<string, string> Cells) Row(int ordinal, IEnumerable<string> known)
    {
        var email = random.Next(7) switch
        {
            0 when emails.Count > 0 => emails[random.Next(emails.Count)],
            < 4 => known.ElementAt(random.Next(known.Count())),
            _ => $"new{ordinal}@example.net",
        };
        emails.Add(email);
        var role = (ProfileRole)random.Next(3);
        List<OrganisationUnit?> units = [null, .. scene.Given.Units];
        var unit = units[random.Next(units.Count)];
        List<Group> groups = [.. scene.Groups.Where(_ => random.Next(3) == 0)];
        List<OrganisationUnit> manages = role == ProfileRole.Manager ? [.. scene.Given.Units.Where(_ => random.Next(3) == 0)] : [];
        DateOnly? expires = random.Next(3) == 0 ? scene.Given.Today.AddDays(random.Next(40)) : null;
        DateOnly? since = random.Next(3) == 0 ? new(2020, 2, 29) : null;
        var (first, last, number) = ($"F\"{ordinal}, é", $"L'{random.Next(20)}", random.Next(2) == 0 ? $"N {ordinal}" : "");
        var fields = new Dictionary<long, string>();
        if (number.Length > 0)
        {
            fields[scene.Fields[0].Id] = number;
        }

        if (since is not null)
        {
            fields[scene.Fields[1].Id] = $"{since:O}";
        }

        // Whoever manages no named unit manages their own.
        var managed = manages.Count > 0 || role != ProfileRole.Manager || unit is null ? manages.ConvertAll(u => u.Id) : [unit.Id];
        return (
            new(
                email.ToLowerInvariant(),
                role,
                [.. groups.Select(g => g.Id)],
                expires,
                new(first, last, unit?.Id, ModelRow.Words(managed), ModelRow.Words(fields))
            ),
            new()
            {
                ["Email"] = random.Next(2) == 0 ? email.ToUpperInvariant() : email,
                ["First name"] = first,
                ["Last name"] = $" {last} ",
                ["Role"] = role == ProfileRole.Learner && random.Next(2) == 0 ? "" : $"{role}".ToUpperInvariant(),
                ["Organisation unit"] = unit?.Path.ToUpperInvariant() ?? "",
                ["Groups"] = string.Join("; ", groups.Select(g => g.Name)),
                ["Manages"] = string.Join(';', manages.Select(u => u.Path)),
                ["Expiry date"] = $"{expires:O}",
                ["Staff number"] = number,
                ["Since"] = $"{since:O}",
            }
        );
    }

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
