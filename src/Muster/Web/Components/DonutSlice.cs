namespace Muster.Web;

/// <summary>One part of a <see cref="DonutChart"/>: key for live updates, words, tone (good, warn, bad, calm) and number.</summary>
public sealed record DonutSlice(string Key, string Label, string Tone, long Value);
