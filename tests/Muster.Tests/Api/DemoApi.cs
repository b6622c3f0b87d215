using Xunit;

namespace Muster.Tests;

/// <summary>One demonstration for all who only ask.</summary>
[CollectionDefinition(nameof(DemoApi))]
public sealed class SharedDemoApi : ICollectionFixture<DemoApi>;

/// <summary>One server for the tests that change nobody.</summary>
public sealed class DemoApi(PostgresServer postgres) : IAsyncLifetime
{
    public ApiServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ApiServer.Start(DatabaseKind.Sqlite, postgres);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
