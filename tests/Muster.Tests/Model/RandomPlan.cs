using System.Text.Json;
using Muster.Bulk;
using Muster.People;

namespace Muster.Tests;

/// <summary>An operation drawn at random: who asks, for what, on whom; and whom the product must freeze, in which order.</summary>
internal sealed class RandomPlan
{
    /// <summary>Draws one.</summary>
    public RandomPlan(ActionModel action, RandomWorld scene, World world, Random random)
    {
        var given = scene.Given;
        (Requester, var self) = Asks(scene, world, random);
        var groups = scene.Some(scene.Groups, 3).Select(g => g.Id).ToList();
        var courses = scene.Some(scene.Courses, 3).Select(c => c.Id).ToList();
        var (starts, expires) = (given.Today.AddDays(random.Next(-2, 3)), given.Today.AddDays(random.Next(3, 90)));
        Request = new(
            self,
            action.Key switch
            {
                "add-users-to-group" or "remove-users-from-group" => [.. groups],
                "enrol-to-course" or "withdraw-from-course" => [.. courses],
                _ => [],
            },
            random.Next(2) == 0 ? starts : null,
            random.Next(2) == 0 ? expires : null,
            random.Next(2) == 0
        );
        Parameters = action.Key switch
        {
            "add-users-to-group" or "remove-users-from-group" => Json(new { groups }),
            "withdraw-from-course" => Json(new { courses }),
            "enrol-to-course" => Json(
                new
                {
                    courses,
                    startsOn = Request.StartsOn,
                    expiresOn = Request.ExpiresOn,
                    notify = random.Next(2) == 0,
                    reenrolCompleted = Request.ReenrolCompleted,
                }
            ),
            _ => "{}",
        };
        if (action.Key == "set-expiry-date")
        {
            Request = Request with { ExpiresOn = random.Next(4) is > 0 and var day ? given.Today.AddDays((day - 2) * 10) : null };
            Parameters = Json(new { expiresOn = Request.ExpiresOn });
        }

        if (action.Key == "invite-users")
        {
            var file = new RandomFile(scene, world, random);
            Request = Request with { Rows = file.Rows };
            (Selection, File, People) = (new() { File = true }, file.Content, file.People);
            return;
        }

        var list = world.People.Values.OrderBy(p => p.SortName, StringComparer.Ordinal).ThenBy(p => p.Id).ToList();
        var some = list.Where(_ => random.Next(5) > 0).ToList();
        switch (random.Next(3))
        {
            case 0:
                Selection = new() { Users = [.. some.Select(p => p.Id).OrderBy(_ => random.Next())] };
                People = Frozen(some.Select(p => ((ModelPerson?)p, (string?)null)));
                break;
            case 1:
                Selection = new() { Filter = new(), Except = [.. list.Except(some).Select(p => p.Id)] };
                People = Frozen(some.Select(p => ((ModelPerson?)p, (string?)null)));
                break;
            default:
                var named = some.Concat(some.Take(2)).OrderBy(_ => random.Next()).Select(p => (ModelPerson?)p).ToList();
                named.Insert(random.Next(named.Count), null);
                Selection = new() { Emails = [.. named.Select(p => p?.Email.ToUpperInvariant() ?? "nobody@example.org")] };
                var seen = new HashSet<long>();
                People = Frozen(
                    named.Select(p =>
                        (
                            p,
                            p is null ? "not-found"
                            : seen.Add(p.Id) ? null
                            : "duplicate-row"
                        )
                    )
                );
                break;
        }
    }

    /// <summary>Who asks for something, and their profile (0 for the command line): mostly the Admin, as long as they have access.</summary>
    public static (Requester Requester, long Self) Asks(RandomWorld scene, World world, Random random)
    {
        var given = scene.Given;
        var self = world.People[given.Self.Id];
        var hasAccess = self.Status == ProfileStatus.Active && !(self.ExpiresOn < world.Today);
        return random.Next(4) == 0 || !hasAccess ? (given.CommandLine, 0) : (given.Admin, self.Id);
    }

    /// <summary>Whether an action writes what otherwise only an edit of a person does.</summary>
    public static bool IsAboutProfiles(ActionModel action) => action.Key is "invite-users" or "set-expiry-date";

    /// <summary>Who asks.</summary>
    public Requester Requester { get; }

    /// <summary>The parameters as a client would send them.</summary>
    public string Parameters { get; }

    /// <summary>Who is selected, as a client would say it.</summary>
    public Selection Selection { get; }

    /// <summary>The file, where there is one.</summary>
    public byte[]? File { get; }

    /// <summary>The same for the model.</summary>
    public ModelRequest Request { get; }

    /// <summary>The people to be frozen, in order; those who cannot be are problems already. Whoever is new has no id before the preview.</summary>
    public IReadOnlyList<Forecast> People { get; private set; }

    /// <summary>Gives those who are new the ids that the product gave them, which nobody can foretell.</summary>
    public void Name(IReadOnlyList<OperationItem> items) =>
        People = [
            .. People.Select(p => p is { Person: 0, IsProblem: false } ? p with { Person = items[(int)p.Ordinal - 1].ProfileId } : p),
        ];

    private static List<Forecast> Frozen(IEnumerable<(ModelPerson? Person, string? Problem)> people) =>
        [
            .. people.Select(
                (p, i) => new Forecast(i + 1, p.Problem is null ? p.Person!.Id : 0, 0, p.Problem) { IsProblem = p.Problem is not null }
            ),
        ];

    private static string Json(object parameters) => JsonSerializer.Serialize(parameters);
}
