using System.Reflection;
using Xunit;

namespace Muster.Tests;

/// <summary>No action without its promises.</summary>
public sealed class ComplianceTests
{
    [Fact]
    public void Every_action_that_makes_operations_has_a_class_that_inherits_the_promises()
    {
        var promised = typeof(BulkActionSpec)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(BulkActionSpec)) && !type.IsAbstract)
            .Select(KeyOf)
            .ToList();

        var actions = Pipeline.NewCatalog().All.Where(action => action.IsOperation).Select(action => action.Key);

        Assert.Equal(actions.Order(StringComparer.Ordinal), promised.Order(StringComparer.Ordinal));
    }

    private static string KeyOf(Type spec)
    {
        var key = spec.GetProperty("Action", BindingFlags.Instance | BindingFlags.NonPublic)!;
        return (string)key.GetValue(Activator.CreateInstance(spec, [null]))!;
    }
}
