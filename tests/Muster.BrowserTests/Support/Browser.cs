using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Muster.BrowserTests.Browser))]

namespace Muster.BrowserTests;

/// <summary>How a person looks at the product.</summary>
public sealed record VisitOptions
{
    /// <summary>The dark colour scheme of the system.</summary>
    public bool Dark { get; init; }

    /// <summary>Of the window, in CSS pixels.</summary>
    public int Width { get; init; } = 1440;

    /// <summary>Of the window, in CSS pixels.</summary>
    public int Height { get; init; } = 900;

    /// <summary>Whether scripts run at all.</summary>
    public bool Script { get; init; } = true;

    /// <summary>Cookies and storage of an earlier visit (<see cref="Visit.State"/>), so that a test need not sign in again.</summary>
    public string? State { get; init; }
}

/// <summary>One Chromium (Debian's, no download) for the whole test run; every visit has cookies and storage of its own.</summary>
public sealed class Browser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";
    private readonly Lazy<Task<IBrowser>> launched = new(Launch);
    private static IPlaywright? playwright;

    /// <summary>Opens a window on a server.</summary>
    public async Task<Visit> Visit(Uri server, VisitOptions? options = null)
    {
        options ??= new();
        var browser = await launched.Value;
        var context = await browser.NewContextAsync(
            new()
            {
                BaseURL = server.ToString(),
                ColorScheme = options.Dark ? ColorScheme.Dark : ColorScheme.Light,
                ViewportSize = new() { Width = options.Width, Height = options.Height },
                JavaScriptEnabled = options.Script,
                StorageState = options.State,
                ReducedMotion = ReducedMotion.Reduce,
                Locale = "en-GB",
                TimezoneId = "Europe/London",
                AcceptDownloads = true,
            }
        );
        context.SetDefaultTimeout(15_000);
        return await BrowserTests.Visit.Open(context, server, options.Script);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (launched.IsValueCreated)
        {
            await (await launched.Value).CloseAsync();
            playwright?.Dispose();
        }
    }

    private static async Task<IBrowser> Launch()
    {
        if (!File.Exists(Chromium))
        {
            throw new InvalidOperationException($"These tests need {Chromium}: ./test.sh installs it (Debian package chromium).");
        }

        playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Chromium,
                Headless = true,
                // As root Chromium refuses its sandbox; a small /dev/shm, as in containers, crashes its pages.
                Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"],
            }
        );
    }
}
