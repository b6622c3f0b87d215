using System.Reflection;
using Xunit;
using Xunit.v3;

namespace Muster.Tests;

/// <summary>No rule without a test on both databases, and no test of a rule that is not written (docs/rules.md).</summary>
public sealed class RuleTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
    private static readonly DatabaseKind[] Both = Enum.GetValues<DatabaseKind>();

    [Fact]
    public void Every_rule_has_a_test_on_both_databases_and_every_rule_named_is_written()
    {
        var actions = Pipeline.NewCatalog().All.Select(action => action.Key).ToHashSet();

        var faults = Faults(RuleBook.Read(), Tests(typeof(RuleTests).Assembly), actions);

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Every_action_has_rules_and_numbers_are_given_once()
    {
        var rules = RuleBook.Read();

        Assert.Empty(Pipeline.NewCatalog().All.Select(action => action.Key).Except(rules.Select(rule => rule.Action)));
        Assert.Equal(rules.Count, rules.DistinctBy(rule => rule.Number).Count());
    }

    [Fact]
    public void A_rule_without_a_test_or_with_one_on_one_database_only_is_noticed()
    {
        var rules = RuleBook.Read(
            """
            ### Some action (`some-action`)
            - **SOME-1** On both.
            - **SOME-2** On one.
            - **SOME-3** On none.
            ### A coming action (`coming-action`)
            - **COMING-1** On none, but not in the catalogue.
            ## Not built yet
            - **LATER-1** On none, but later.
            """
        );

        var faults = Faults(rules, typeof(Examples).GetMethods(), ["some-action"]);

        Assert.Equal(
            [
                "SOME-2 has no test on Postgres",
                "SOME-3 has no test on Sqlite",
                "SOME-3 has no test on Postgres",
                "SOME-4 is named by Examples.Of_no_rule and is not written",
            ],
            faults
        );
    }

    private static List<string> Faults(IReadOnlyList<WrittenRule> rules, IEnumerable<MethodInfo> tests, HashSet<string> actions)
    {
        var named = tests
            .SelectMany(test => test.GetCustomAttributes<RuleAttribute>().Select(rule => (rule.Number, Test: test)))
            .ToLookup(pair => pair.Number, pair => pair.Test);
        return
        [
            .. from rule in rules
            where rule.IsBuilt && (rule.Action is null || actions.Contains(rule.Action))
            from kind in Both.Except(named[rule.Number].SelectMany(KindsOf))
            select $"{rule.Number} has no test on {kind}",
            .. from number in named
            where rules.All(rule => rule.Number != number.Key)
            from test in number
            select $"{number.Key} is named by {test.DeclaringType!.Name}.{test.Name} and is not written",
        ];
    }

    /// <summary>The tests that run: those of abstract classes are found where they are inherited.</summary>
    private static IEnumerable<MethodInfo> Tests(Assembly assembly) =>
        assembly
            .GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.DeclaringType != typeof(RuleTests))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance));

    /// <summary>The databases a test runs on: those among its data; both for one of a class that is given no database at all.</summary>
    private static IEnumerable<DatabaseKind> KindsOf(MethodInfo test)
    {
        if (test.GetCustomAttributes().OfType<IFactAttribute>().All(fact => fact.Skip is not null))
        {
            return [];
        }

        return test.GetParameters().Any(parameter => parameter.ParameterType == typeof(DatabaseKind))
                ? test.GetCustomAttributes<InlineDataAttribute>().SelectMany(row => row.Data.OfType<DatabaseKind>())
            : test.ReflectedType!.GetConstructors(Any).All(made => made.GetParameters().Length == 0) ? Both
            : [];
    }

    /// <summary>Tests that are looked at and never run.</summary>
    public abstract class Examples(PostgresServer postgres)
    {
        [Theory]
        [InlineData(DatabaseKind.Sqlite)]
        [InlineData(DatabaseKind.Postgres)]
        [Rule("SOME-1")]
        public void On_both(DatabaseKind kind) => Assert.Contains(kind, postgres is null ? [] : Both);

        [Theory]
        [InlineData(DatabaseKind.Sqlite)]
        [Rule("SOME-2")]
        public void On_one(DatabaseKind kind) => On_both(kind);

        [Fact]
        [Rule("SOME-4")]
        [Rule("SOME-2")]
        public void Of_no_rule() => On_both(DatabaseKind.Sqlite);
    }
}
