namespace Muster.Web;

/// <summary>What a control inside a <see cref="Field"/> must carry to belong to its label, hint and error.</summary>
public sealed record FieldControl(string Id, string? DescribedBy, string? Invalid);
