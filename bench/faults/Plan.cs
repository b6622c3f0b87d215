namespace Muster.Faults;

/// <summary>A random operation: what to post, and how many new people its file has.</summary>
public sealed record Plan(object Body, int NewPeople = 0)
{
    /// <summary>Draws one of all the actions that have a preview.</summary>
    public static Plan Draw(Random random, Place place)
    {
        var invited = new { filter = new { status = new[] { "invited" } } };
        return random.Next(100) switch
        {
            < 14 => Of("enrol-to-course", new { courses = Some(random, place.Courses), notify = random.Next(2) == 0 }, People(350)),
            < 25 => Of("withdraw-from-course", new { courses = Some(random, place.Courses) }, People(350)),
            < 38 => Of("add-users-to-group", new { groups = Some(random, place.Groups) }, People(350)),
            < 49 => Of("remove-users-from-group", new { groups = Some(random, place.Groups) }, People(350)),
            < 59 => Of("archive-profiles", new { }, People(120)),
            < 68 => Of("reactivate-profiles", new { }, new { filter = new { status = new[] { "archived" } } }),
            < 76 => Of("invite-users", new { }, new { file = true }) with { NewPeople = random.Next(20, 120) },
            < 83 => Of("resend-invitations", new { }, invited),
            < 89 => Of("cancel-invitations", new { }, invited),
            _ => Of("set-expiry-date", new { expiresOn = $"2099-0{random.Next(1, 10)}-01" }, People(350)),
        };

        object People(int most) => new { users = Sample(random, place.People, random.Next(most / 4, most)) };
    }

    private static Plan Of(string action, object parameters, object selection) =>
        new(
            new
            {
                action,
                parameters,
                selection,
            }
        );

    private static List<long> Some(Random random, List<long> of) => Sample(random, of, random.Next(1, 3));

    private static List<long> Sample(Random random, IReadOnlyList<long> of, int count)
    {
        long[] all = [.. of];
        random.Shuffle(all);
        return [.. all.Take(count)];
    }
}
