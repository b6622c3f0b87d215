using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Muster.Bulk;
using Muster.People;

namespace Muster.Cli;

/// <summary>Reads <c>--param name=value</c> by what the action's parameters are: groups and courses by name, several values as a list, dates, yes or no.</summary>
internal static class ParameterWords
{
    /// <summary>The parameters as JSON.</summary>
    public static async Task<string> Read(CommandHost host, long workspaceId, string key, IReadOnlyList<string> texts, CancellationToken ct)
    {
        // An unknown action is refused by whoever creates the operation, with the list of all.
        var properties = host.Get<ActionCatalog>().Find(key)?.ParametersType.GetProperties() ?? [];
        var json = new JsonObject();
        foreach (var text in texts)
        {
            var (name, value) = text.Split('=', 2) is [var n, var v]
                ? (n.Trim(), v.Trim())
                : throw new RefusedException($"'{text}' is not a parameter; write it as name=value.");
            var property = Find(properties, name) ?? throw Unknown(key, name, properties);
            var member = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var node = await Value(host, workspaceId, property, value, ct);
            if (!IsList(property))
            {
                json[member] = node;
            }
            else if (json[member] is JsonArray list)
            {
                list.Add(node);
            }
            else
            {
                json[member] = new JsonArray(node);
            }
        }

        return json.ToJsonString();
    }

    /// <summary>A group's id, by its name or id.</summary>
    public static async Task<long> Group(CommandHost host, long workspaceId, string text, CancellationToken ct)
    {
        await using var db = host.Databases.Open(workspaceId);
        var key = Names.Fold(text);
        var found = await db
            .Groups.Where(g => g.WorkspaceId == workspaceId && g.NameKey == key)
            .Select(g => (long?)g.Id)
            .SingleOrDefaultAsync(ct);
        return found ?? IdOr(text, "group");
    }

    internal static async Task<long> Course(CommandHost host, long workspaceId, string text, CancellationToken ct)
    {
        await using var db = host.Databases.Open(workspaceId);
        var found = await db
            .Courses.Where(c => c.WorkspaceId == workspaceId && (c.Title == text || c.ExternalReference == text))
            .Select(c => c.Id)
            .ToListAsync(ct);
        return found.Count switch
        {
            1 => found[0],
            0 => IdOr(text, "course"),
            _ => throw new RefusedException($"Several courses are called '{text}'; give one of these ids: {string.Join(", ", found)}."),
        };
    }

    private static async Task<JsonNode?> Value(CommandHost host, long workspaceId, PropertyInfo property, string text, CancellationToken ct)
    {
        var type = IsList(property) ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(long))
        {
            return property.Name switch
            {
                "Groups" or "Group" => await Group(host, workspaceId, text, ct),
                "Courses" or "Course" => await Course(host, workspaceId, text, ct),
                _ => IdOr(text, property.Name),
            };
        }

        if (type == typeof(bool))
        {
            return text.ToUpperInvariant() switch
            {
                "TRUE" or "YES" => true,
                "FALSE" or "NO" => false,
                _ => throw new RefusedException($"'{text}' is neither yes nor no."),
            };
        }

        return type == typeof(int) ? IdOr(text, property.Name) : text;
    }

    /// <summary>By its name, or for a list by the name of one: <c>group</c> for <c>groups</c>.</summary>
    private static PropertyInfo? Find(PropertyInfo[] properties, string name) =>
        properties.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? properties.FirstOrDefault(p => IsList(p) && string.Equals(p.Name, name + "s", StringComparison.OrdinalIgnoreCase));

    private static bool IsList(PropertyInfo property) =>
        property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);

    private static long IdOr(string text, string what) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new RefusedException($"There is no {what} '{text}' in this workspace.");

    private static RefusedException Unknown(string key, string name, PropertyInfo[] properties) =>
        new(
            $"{key} has no parameter '{name}'. It has: {string.Join(", ", properties.Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).DefaultIfEmpty("none"))}."
        );
}
