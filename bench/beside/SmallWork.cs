using System.Diagnostics;

namespace Muster.Bench;

/// <summary>Somebody in the small workspace puts 200 people into a group, and takes them out again, from the first request to the outcome.</summary>
public sealed class SmallWork(Live live, LargeWork beside, Figures figures)
{
    private const int Users = 200;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private readonly Random random = new(11);

    /// <summary>So many operations, the next a little while after the one before, so that they meet the large one's slices anywhere.</summary>
    public async Task Run(int rounds)
    {
        var people = new List<long>();
        await using (var db = live.Open(live.Small))
        {
            people.AddRange(db.Profiles.Where(p => p.WorkspaceId == live.Small.Id).OrderBy(p => p.Id).Select(p => p.Id));
        }

        string[] steps = ["create, answered", "create until previewed", "confirm, answered", "confirm until completed"];
        foreach (var isRun in new[] { true, false })
        {
            foreach (var step in steps)
            {
                // In this order in the report.
                figures.Of(Name(step, isRun));
            }
        }

        long? added = null;
        for (var i = 0; i < rounds; i++)
        {
            await Task.Delay(random.Next(500, 2500));
            var chosen = people.Skip(i / 2 * Users % people.Count).Take(Users).ToList();
            var id = await One(chosen, added);
            added = added is null ? id : null;
        }
    }

    /// <summary>One operation, timed; the undo of an earlier one when that is given.</summary>
    private async Task<long> One(List<long> chosen, long? undone)
    {
        var (api, place) = (live.Api, live.Small);
        var clock = Stopwatch.StartNew();
        var (created, isRun) = (
            undone is { } original
                ? await api.Must(HttpMethod.Post, place, Api.At(original, "undo"))
                : await api.AddToGroup(place, new { users = chosen }),
            beside.IsRunning
        );
        Add("create, answered", isRun, created.Milliseconds);
        var previewed = await api.Until(place, created.Id, "previewed", Poll);
        Add("create until previewed", isRun, clock.Elapsed.TotalMilliseconds);

        clock.Restart();
        isRun = beside.IsRunning;
        var confirmed = await api.Must(HttpMethod.Post, place, Api.At(created.Id, "confirm"), new { expectedChanges = Users });
        Add("confirm, answered", isRun, confirmed.Milliseconds);
        var completed = await api.Until(place, created.Id, "completed", Poll);
        Add("confirm until completed", isRun, clock.Elapsed.TotalMilliseconds);

        var changed = (previewed.Count("willChange"), completed.Count("changed"));
        figures.Check(changed == (Users, Users), $"operation {created.Id} on {Users} users: {completed.Body}");
        var members = await live.Members(place);
        figures.Check(members == (undone is null ? Users : 0), $"after operation {created.Id} on {Users} users {members} are in the group");
        return created.Id;
    }

    private void Add(string step, bool isRun, double milliseconds) => figures.Of(Name(step, isRun)).Add(milliseconds);

    private static string Name(string step, bool isRun) => $"B, 200 users beside {(isRun ? "a run" : "a preview")}: {step}";
}
