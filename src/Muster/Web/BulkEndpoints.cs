using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Muster.Access;
using Muster.Bulk;
using Muster.Data;
using Muster.People;

namespace Muster.Web;

/// <summary>Where the users list, the chooser and the summaries begin a bulk operation.</summary>
public static class BulkEndpoints
{
    /// <summary>Posted instead of an action's key: show the chooser.</summary>
    public const string Choose = "choose";

    /// <summary>Maps the endpoints.</summary>
    public static void MapBulk(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapPost("/w/{ws:long}/operations/begin", Start)
            .RequireAuthorization(Policies.WorkspaceManager)
            .WithMetadata(new RequireAntiforgeryTokenAttribute());
    }

    /// <summary>Begins an operation on the ticked users and shows it; without users it asks for them first.</summary>
    private static async Task<IResult> Start(
        HttpContext context,
        Here here,
        ActionCatalog catalog,
        Operations operations,
        MusterDb db,
        Flash flash,
        CancellationToken ct
    )
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false })
        {
            return Results.BadRequest();
        }

        var form = await context.Request.ReadFormAsync(ct);
        if (form["key"] == Choose && here.Actor.IsAdmin)
        {
            return Results.LocalRedirect($"{here.Root}/bulk{Carried(form)}");
        }

        if (catalog.Find(form["key"].ToString()) is not { } action)
        {
            return Results.LocalRedirect($"{here.Root}/bulk?none=true");
        }

        if (!here.Actor.MayRun(action))
        {
            return Results.Forbid();
        }

        if (action is DownloadAction download)
        {
            return Results.LocalRedirect($"{here.Root}/{download.Path}");
        }

        var draft = await Drafts.Find(db, here.Actor, action, Ids(form["draft"]) is [var id] ? id : null, ct);
        if (Selected(form, action, draft) is not { } selection)
        {
            var list = UserListState.Parse(form["filter"]);
            if (list.For == action.Key)
            {
                flash.Say("Nobody is ticked yet. Tick at least one user, then Next.", "bad");
                return Results.LocalRedirect($"{here.Root}/users{list.ToQuery()}");
            }

            return Results.LocalRedirect(draft is null ? $"{here.Root}/bulk/{action.Key}" : $"{here.Root}/operations/{draft.Id}");
        }

        try
        {
            if (draft is not null)
            {
                await operations.Change(here.Requester, draft.Id, null, selection, ct);
                return Results.LocalRedirect($"{here.Root}/operations/{draft.Id}");
            }

            var operation = await operations.Create(here.Requester, action.Key, null, selection, context.Idempotency(here, action.Key), ct);
            return Results.LocalRedirect($"{here.Root}/operations/{operation.Id}");
        }
        catch (Exception refused) when (refused is ParametersException or ConflictException)
        {
            flash.Say(refused.Message, "bad");
            return Results.LocalRedirect($"{here.Root}/bulk/{action.Key}");
        }
    }

    /// <summary>What the chooser must know of the ticks: nothing where script keeps them, else this page's rows or "all that match".</summary>
    private static string Carried(IFormCollection form)
    {
        if (form.ContainsKey("script"))
        {
            return "";
        }

        var carried = form["ids"].Select(id => KeyValuePair.Create("ids", id));
        if (form["all"] == "true")
        {
            carried = [KeyValuePair.Create("all", (string?)"true"), KeyValuePair.Create("filter", (string?)form["filter"].ToString())];
        }

        return QueryString.Create(carried).ToString();
    }

    private static Selection? Selected(IFormCollection form, BulkAction action, Operation? draft)
    {
        if (action.Ways.HasFlag(SelectionWays.Operation) && Ids(form["operation"]) is [var earlier])
        {
            return new()
            {
                Operation = new(
                    earlier,
                    Enum.TryParse<Verdict>(form["verdict"], ignoreCase: true, out var verdict) && Enum.IsDefined(verdict) ? verdict : null,
                    Enum.TryParse<Outcome>(form["outcome"], ignoreCase: true, out var outcome) && Enum.IsDefined(outcome) ? outcome : null,
                    form["reason"].ToString() is { Length: > 0 } reason ? reason : null
                ),
            };
        }

        if (!action.Ways.HasFlag(SelectionWays.List))
        {
            return null;
        }

        if (Ids(form["only"]) is [var only])
        {
            return new() { Users = [only] };
        }

        if (form["all"] == "true")
        {
            var state = UserListState.Parse(form["filter"]);
            var usual = state.For is null ? UserFilter.Default : Drafts.FilterOf(action, draft);
            return new() { Filter = state.ToFilter(usual), Except = Ids(form["except"]) is { Count: > 0 } except ? except : null };
        }

        var users = form.ContainsKey("selected") ? Ids(form["selected"]) : Ids(form["ids"]);
        return users.Count > 0 ? new() { Users = users } : null;
    }

    private static List<long> Ids(Microsoft.Extensions.Primitives.StringValues values) =>
        [
            .. values
                .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
                .Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
                .Where(id => id > 0)
                .Distinct(),
        ];
}
