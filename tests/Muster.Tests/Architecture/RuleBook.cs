using System.Text.RegularExpressions;

namespace Muster.Tests;

/// <summary>A numbered rule.</summary>
/// <param name="Number">Such as <c>ADD-3</c>.</param>
/// <param name="Action">Key of the action it is about, if it stands under one.</param>
/// <param name="IsBuilt">Whether it stands outside of "Not built yet".</param>
internal sealed record WrittenRule(string Number, string? Action, bool IsBuilt);

/// <summary>The rules as <c>docs/rules.md</c> numbers them.</summary>
internal static partial class RuleBook
{
    /// <summary>The product's own.</summary>
    public static IReadOnlyList<WrittenRule> Read() => Read(File.ReadAllText(Checkout.PathTo("docs", "rules.md")));

    /// <summary>Those of a text.</summary>
    public static IReadOnlyList<WrittenRule> Read(string text)
    {
        var rules = new List<WrittenRule>();
        var (isBuilt, action) = (true, (string?)null);
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith('#'))
            {
                isBuilt = line.StartsWith("###", StringComparison.Ordinal) ? isBuilt : line != "## Not built yet";
                action = Action().Match(line) is { Success: true } named ? named.Groups["key"].Value : null;
            }
            else if (Number().Match(line) is { Success: true } rule)
            {
                rules.Add(new(rule.Groups["number"].Value, action, isBuilt));
            }
        }

        return rules;
    }

    [GeneratedRegex(@"^- \*\*(?<number>[A-Z]+-\d+)\*\* \S", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"^### .*\(`(?<key>[a-z-]+)`\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Action();
}
