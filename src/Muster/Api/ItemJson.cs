using System.Text.Json;
using Muster.Bulk;

namespace Muster.Api;

/// <summary>The user of an item; the id is absent when there is no such user (yet).</summary>
public sealed record ItemUserJson(long? Id, string FirstName, string LastName, string Email);

/// <summary>The group or course of an item.</summary>
public sealed record ItemTargetJson(long Id, string Name);

/// <summary>The row of a file or the line of a pasted list that an item comes from.</summary>
public sealed record ItemRowJson(int Number, IReadOnlyList<string> Cells, IReadOnlyList<RowProblem> Problems);

/// <summary>One user × one target: what was to become of it and what became of it.</summary>
public sealed record ItemJson(
    long Ordinal,
    ItemUserJson User,
    ItemTargetJson? Target,
    Verdict Verdict,
    Outcome Outcome,
    string? Reason,
    string? Sentence,
    JsonElement? Before,
    JsonElement? After,
    ItemRowJson? Row
)
{
    internal static ItemJson Of(ItemLine line) =>
        new(
            line.Item.Ordinal,
            new(line.HasProfile ? line.Item.ProfileId : null, line.FirstName, line.LastName, line.Email),
            line.Target is null ? null : new(line.Item.TargetId, line.Target),
            line.Item.Verdict,
            line.Item.Outcome,
            line.ReasonCode,
            line.Reason,
            State(line.Item.Before),
            State(line.Item.After),
            line.RowNumber is { } number ? new(number, line.Cells, line.Problems) : null
        );

    private static JsonElement? State(string? json)
    {
        if (json is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(json);
        }
    }
}

/// <summary>A page of items; the next one begins after <paramref name="Next"/>, which is absent on the last.</summary>
public sealed record ItemPageJson(IReadOnlyList<ItemJson> Items, string? Next);
