using System.ComponentModel.DataAnnotations;

namespace Muster.Bulk;

/// <summary>How operations are run; every default works on a laptop without configuration. Section <c>Muster:Bulk</c>.</summary>
public sealed record BulkOptions
{
    /// <summary>Users of an operation's first chunk; later chunks adapt to <see cref="ChunkMilliseconds"/>.</summary>
    [Range(1, 100_000)]
    public int FirstChunk { get; init; } = 500;

    /// <summary>A chunk never takes more users than this.</summary>
    [Range(1, 100_000)]
    public int LargestChunk { get; init; } = 20_000;

    /// <summary>
    /// How long a chunk's transaction should take: SQLite's one writer, and a person who cancels, wait this long. Shorter chunks write the same pages more often.
    /// </summary>
    [Range(1, 10_000)]
    public int ChunkMilliseconds { get; init; } = 300;

    /// <summary>How long one operation may work before another workspace has its turn.</summary>
    [Range(1, 60_000)]
    public int SliceMilliseconds { get; init; } = 500;

    /// <summary>A runner that has not written for this long is taken for dead.</summary>
    [Range(1, 3600)]
    public int LeaseSeconds { get; init; } = 4;

    /// <summary>How often to look for work nobody has told this process about.</summary>
    [Range(1, 3600)]
    public int SweepSeconds { get; init; } = 1;

    /// <summary>Largest upload in bytes.</summary>
    [Range(1, 1L << 31)]
    public long MaxUploadBytes { get; init; } = 50L << 20;

    /// <summary>Most rows of an upload.</summary>
    [Range(1, 10_000_000)]
    public int MaxRows { get; init; } = 1_000_000;

    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);
}
