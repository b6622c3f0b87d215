using Microsoft.Extensions.Configuration.Memory;

namespace Muster.Cli;

/// <summary>What holds unless a file, the environment or the command line says otherwise.</summary>
internal static class Defaults
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Urls"] = "http://127.0.0.1:5000",
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Warning",
        // The keys live in our database, beside the password hashes; "no encryptor" is how it is meant to be.
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
    };

    public static void Apply(WebApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Settings });
        // Wrong wiring stops the program when it starts, not when somebody opens the page.
        builder.Host.UseDefaultServiceProvider(options => options.ValidateOnBuild = options.ValidateScopes = true);
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
    }
}
