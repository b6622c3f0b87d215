namespace Muster.Tests;

/// <summary>Says which rule of <c>docs/rules.md</c> a test is about.</summary>
/// <param name="number">Such as <c>ADD-3</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RuleAttribute(string number) : Attribute
{
    /// <summary>The rule's number.</summary>
    public string Number => number;
}
