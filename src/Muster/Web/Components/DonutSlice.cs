namespace Muster.Web;

/// <summary>One part of a <see cref="DonutChart"/>: key for live updates, words, tone (good, warn, bad, calm), number, and where its users are listed.</summary>
public sealed record DonutSlice(string Key, string Label, string Tone, long Value, string? Href = null);
