using Microsoft.Extensions.DependencyInjection;
using Muster.People;

namespace Muster.Tests;

/// <summary>Acceptance as one request of its own has it.</summary>
internal sealed class Accepting(TestSite site) : IAsyncDisposable
{
    private readonly AsyncServiceScope scope = site.Services.CreateAsyncScope();

    public Acceptance Acceptance => scope.ServiceProvider.GetRequiredService<Acceptance>();

    /// <summary>Accepts as somebody new.</summary>
    public static async Task<AcceptanceResult> Once(TestSite site, string token, long workspaceId = 1)
    {
        await using var accepting = new Accepting(site);
        return await accepting.Acceptance.Accept(
            workspaceId,
            token,
            new("Bo", "Ström", TestSite.Password),
            "127.0.0.1",
            CancellationToken.None
        );
    }

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
