using Muster.Tests;

namespace Muster.Faults;

/// <summary>A workspace with people, and the groups, courses, rules and schedules the run's users work with.</summary>
/// <param name="Id">The workspace.</param>
/// <param name="Token">An admin's.</param>
/// <param name="People">Ids of the people it begins with.</param>
public sealed record Place(long Id, string Token, IReadOnlyList<long> People)
{
    private const string EveryMinute = "* * * * *";
    private const int LargestRun = 1_000_000;
    private readonly List<(long Id, string Name)> schedules = [];

    /// <summary>Ids; the second and the third lead to a course each.</summary>
    public List<long> Groups { get; } = [];

    /// <summary>Ids; the first two have seats for a part of the people.</summary>
    public List<long> Courses { get; } = [];

    /// <summary>Makes a workspace of invented people.</summary>
    public static async Task<Place> Make(MusterOptions options, Store store, string name, int people)
    {
        var number = people.ToString(System.Globalization.CultureInfo.InvariantCulture);
        (await MusterProcess.Run(options, ["seed", "--workspace", name, "--users", number])).OrThrow("seed");
        var token = (await MusterProcess.Run(options, ["token", "create", "--workspace", name])).OrThrow("token create").Output.Trim();
        var id = await store.Number($"SELECT id FROM workspaces WHERE name = '{name}'");
        return new(id, token, await store.Read($"SELECT id FROM profiles WHERE workspace_id = {id} ORDER BY id", row => row.GetInt64(0)));
    }

    /// <summary>Makes the groups, courses, rules and schedules, and lets invitations be sent again at once.</summary>
    public async Task Furnish(Api api)
    {
        for (var i = 0; i < 4; i++)
        {
            Groups.Add(await Add(api, "groups", new { name = $"Fault group {i}" }));
            Courses.Add(
                await Add(
                    api,
                    "courses",
                    new
                    {
                        title = $"Fault course {i}",
                        isOpen = true,
                        seats = i < 2 ? (int?)(People.Count / 8) : null,
                    }
                )
            );
        }

        foreach (var (group, course) in new[] { (1, 1), (2, 2) })
        {
            var rule = new
            {
                name = $"Fault rule {group}",
                isActive = true,
                targetKind = "groups",
                targets = new[] { Groups[group] },
                courses = new[] { Courses[course] },
            };
            await Add(api, "rules", rule);
        }

        await Repeat(api, "add-users-to-group", new { groups = new[] { Groups[3] } }, "active");
        await Repeat(api, "reactivate-profiles", new { }, "archived");
        var answer = await api.Send(HttpMethod.Patch, this, "settings", new { resendMinutes = 0 });
        Must(answer, 200);
    }

    /// <summary>A schedule of every minute.</summary>
    private async Task Repeat(Api api, string action, object parameters, string status)
    {
        var name = $"Every minute: {action}";
        var body = new
        {
            name,
            cron = EveryMinute,
            largestRun = LargestRun,
            action,
            parameters,
            selection = new { filter = new { status = new[] { status } } },
        };
        schedules.Add((await Add(api, "schedules", body), name));
    }

    /// <summary>Switches the schedules off: while they begin operations there is no end.</summary>
    public async Task EndSchedules(Api api)
    {
        foreach (var (id, name) in schedules)
        {
            var body = new
            {
                name,
                cron = EveryMinute,
                largestRun = LargestRun,
                isActive = false,
            };
            Must(await api.Send(HttpMethod.Put, this, $"schedules/{id}", body), 200);
        }
    }

    private async Task<long> Add(Api api, string what, object body)
    {
        var answer = await api.Send(HttpMethod.Post, this, what, body);
        Must(answer, 201);
        return answer.Body.GetProperty("id").GetInt64();
    }

    private static void Must(Answer answer, int status)
    {
        if (answer.Status != status)
        {
            throw new InvalidOperationException($"{answer.Status}: {answer.Body}");
        }
    }
}
