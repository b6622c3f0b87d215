using System.Globalization;
using System.Text;

namespace Muster.Faults;

/// <summary>A user at work in one workspace: random operations one after the other, some of them paused, cancelled, undone.</summary>
public sealed class Person(Api api, Place place, Journal journal, int seed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly Random random = new(seed);
    private int requests;
    private int invited;

    /// <summary>Works until it is stopped.</summary>
    public async Task Work(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await One(stop);
            }
            catch (UnansweredException)
            {
                journal.Count("operations given up for want of an answer");
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task One(CancellationToken stop)
    {
        var plan = Plan.Draw(random, place);
        if (await Create("operations", plan.Body) is not { } id)
        {
            return;
        }

        if (plan.NewPeople > 0)
        {
            Expect(await api.Send(HttpMethod.Put, place, $"operations/{id}/file?name=people.csv", File(plan.NewPeople)), "file", 200);
        }

        if (!await Run(id, stop) || random.Next(100) >= 45)
        {
            return;
        }

        // An undo of one's own operation, unless somebody was quicker.
        if (await Create($"operations/{id}/undo", null) is { } undo)
        {
            await Run(undo, stop);
        }
    }

    /// <summary>Previews, confirms and waits for the end.</summary>
    /// <returns>Whether it changed anybody.</returns>
    private async Task<bool> Run(long id, CancellationToken stop)
    {
        var previewed = await Until(id, "previewed", stop);
        if (previewed?.Text("status") != "previewed" || previewed.Count("willChange") == 0)
        {
            return false;
        }

        if (!await Confirm(id, previewed.Count("willChange"), mayWait: true))
        {
            return false;
        }

        if (random.Next(100) < 20)
        {
            await Task.Delay(random.Next(0, 1500), stop);
            await Press(id, "pause");
            await Task.Delay(random.Next(0, 1500), stop);
            await Press(id, "resume");
        }

        if (random.Next(100) < 8)
        {
            await Task.Delay(random.Next(0, 2000), stop);
            await Press(id, "cancel");
        }

        var ended = await Until(id, "completed", stop);
        if (ended?.Text("status") == "previewed")
        {
            journal.Count("changed too much before their time");
            ended =
                ended.Count("willChange") > 0 && await Confirm(id, ended.Count("willChange"), mayWait: false)
                    ? await Until(id, "completed", stop)
                    : null;
        }

        return ended is not null && ended.Count("changed") > 0 && ended.Text("status") is "completed" or "cancelled";
    }

    /// <summary>Confirms, now and then for a few seconds later, or as all or nothing; now and then presses twice.</summary>
    private async Task<bool> Confirm(long id, long changes, bool mayWait)
    {
        var key = Key();
        var body = new
        {
            expectedChanges = changes,
            runAt = mayWait && random.Next(100) < 15
                ? TimeProvider.System.GetUtcNow().AddSeconds(random.Next(2, 6))
                : (DateTimeOffset?)null,
            allOrNothing = random.Next(100) < 10,
        };
        var answer = await api.Send(HttpMethod.Post, place, $"operations/{id}/confirm", body, key);
        if (answer.Status == 400 && body.runAt is not null)
        {
            // By the clock of the node that was asked, or after a restart of all of them, that time is past.
            journal.Count("times to run at refused as past");
            return await Confirm(id, changes, mayWait: false);
        }

        if (!Expect(answer, "confirm", 200))
        {
            return false;
        }

        journal.Confirmed[(place.Id, id)] = true;
        journal.Count("confirmed for later", body.runAt is null ? 0 : 1);
        journal.Count("confirmed as all or nothing", body.allOrNothing ? 1 : 0);
        if (random.Next(100) < 10)
        {
            // Pressed twice.
            Expect(await api.Send(HttpMethod.Post, place, $"operations/{id}/confirm", body, key), "confirm", 200);
        }

        return true;
    }

    /// <summary>Waits, as a person would, until the operation is there, or has ended otherwise; one that trouble stopped is resumed.</summary>
    private async Task<Answer?> Until(long id, string status, CancellationToken stop)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            var answer = await api.Send(HttpMethod.Get, place, $"operations/{id}");
            if (!Expect(answer, "read", 200))
            {
                return null;
            }

            var now = answer.Text("status");
            if (now == status || now is "completed" or "cancelled" || (now == "previewed" && answer.Text("review").Length > 0))
            {
                return answer;
            }

            if (now == "failed")
            {
                if (answer.Text("confirmedAt").Length == 0)
                {
                    journal.Count("previews stopped by trouble");
                    return null;
                }

                await Press(id, "resume");
            }

            await Task.Delay(random.Next(100, 300), stop);
        }

        journal.Count("operations slower than four minutes");
        return null;
    }

    private async Task Press(long id, string button)
    {
        var answer = await api.Send(HttpMethod.Post, place, $"operations/{id}/{button}");
        journal.Count(answer.Status == 200 ? $"pressed {button}" : $"pressed {button} too late");
        if (answer.Status is not (200 or 409))
        {
            journal.Faults.Add($"{button} of {place.Id}/{id} was answered with {answer.Status}: {answer.Body}");
        }
    }

    private async Task<long?> Create(string path, object? body)
    {
        var key = Key();
        var answer = await api.Send(HttpMethod.Post, place, path, body, key);
        if (!Expect(answer, "create", 201))
        {
            return null;
        }

        var id = answer.Body.GetProperty("id").GetInt64();
        journal.Made[key] = (place.Id, id);
        if (random.Next(100) < 10)
        {
            var again = await api.Send(HttpMethod.Post, place, path, body, key);
            if (again.Body.GetProperty("id").GetInt64() != id)
            {
                journal.Faults.Add($"The same request with the same key made {place.Id}/{id} and {again.Body.GetProperty("id")}");
            }
        }

        return id;
    }

    /// <summary>A refusal is part of the game (409: somebody was quicker); anything else is a fault.</summary>
    private bool Expect(Answer answer, string what, int status)
    {
        if (answer.Status == status)
        {
            return true;
        }

        journal.Count($"{what} refused with {answer.Status}");
        if (answer.Status != 409)
        {
            journal.Faults.Add($"{what} was answered with {answer.Status}: {answer.Body}");
        }

        return false;
    }

    private string Key() => string.Create(CultureInfo.InvariantCulture, $"faults-{place.Id}-{seed}-{requests++}");

    private string File(int people)
    {
        var csv = new StringBuilder("Email,First name,Last name\r\n");
        for (var i = 0; i < people; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"new{seed}-{invited}@faults.example.org,New,Person {invited++}\r\n");
        }

        return csv.ToString();
    }
}
