using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;

namespace Muster.Web;

/// <summary>Turns a posted form into the JSON an action's parameters are read from: the same one way in as API and command line.</summary>
public static class ParametersForm
{
    /// <summary>The component that asks for an action's parameters, found by name: <c>{Action}Form</c> beside the action; null when it takes none.</summary>
    public static Type? Of(Type action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return action.Assembly.GetType($"{action.FullName}Form");
    }

    /// <summary>Reads the fields named like the record's members.</summary>
    public static string Read(IFormCollection form, Type parameters) => Read(form.AsEnumerable(), parameters);

    /// <summary>The same from an address, which may say what is chosen already.</summary>
    public static string Read(IQueryCollection query, Type parameters) => Read(query.AsEnumerable(), parameters);

    private static string Read(IEnumerable<KeyValuePair<string, StringValues>> fields, Type parameters)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(parameters);
        var given = fields.ToDictionary(StringComparer.Ordinal);
        var json = new JsonObject();
        foreach (var member in parameters.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(member.Name);
            var values = given.GetValueOrDefault(name).Where(value => !string.IsNullOrWhiteSpace(value)).Select(value => value!).ToList();
            var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
            if (type != typeof(string) && type.IsAssignableTo(typeof(System.Collections.IEnumerable)))
            {
                var element = type.IsArray ? type.GetElementType()! : type.GetGenericArguments()[0];
                json[name] = new JsonArray([.. values.Select(value => Value(value, element))]);
            }
            else if (type == typeof(bool))
            {
                json[name] = values.Count > 0;
            }
            else if (values.Count > 0)
            {
                json[name] = Value(values[0], type);
            }
        }

        return json.ToJsonString();
    }

    private static JsonNode Value(string text, Type type) =>
        (type == typeof(long) || type == typeof(int))
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
}
