using Xunit;
using Xunit.Sdk;

namespace Muster.BrowserTests;

/// <summary>The judges of the other browser tests must themselves notice what they are there to notice.</summary>
public sealed class VisitTests(Browser browser)
{
    private const string Sound = """
        <!doctype html><html lang="en"><head><title>Sound</title><link rel="icon" href="data:,"></head>
        <body><main><h1>Sound</h1><label>Name <input name="name"></label></main></body></html>
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sound_page_passes(bool dark)
    {
        await using var visit = await Open(Sound, new() { Dark = dark, Width = 320 });

        await visit.AssertAccessible();
        await visit.AssertNoSidewaysScrolling();
        visit.AssertQuiet();
        Assert.Equal(dark, await visit.Page.EvaluateAsync<bool>("matchMedia('(prefers-color-scheme: dark)').matches"));
        Assert.Equal(320, await visit.Page.EvaluateAsync<int>("innerWidth"));
    }

    [Fact]
    public async Task A_field_without_a_label_and_faint_text_are_noticed()
    {
        await using var visit = await Open(
            """<!doctype html><html lang="en"><title>Poor</title><main><input name="name"><p style="color:#ccc;background:#fff">faint</p></main></html>"""
        );

        var failure = await Assert.ThrowsAnyAsync<XunitException>(() => visit.AssertAccessible());

        Assert.Contains("(label)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("(color-contrast)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("faint", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_breach_of_the_policy_and_an_error_in_a_script_are_noticed()
    {
        await using var visit = await Open(
            Sound.Replace("</main>", "<script>document.title = 'inline'</script></main>", StringComparison.Ordinal),
            policy: "default-src 'self'; script-src 'self'; img-src data:"
        );
        await visit.Page.EvaluateAsync("setTimeout(() => { throw new Error('on purpose') })");
        await visit.Page.EvaluateAsync("console.error('out loud')");
        await visit.Page.WaitForTimeoutAsync(200);

        Assert.Equal("Sound", await visit.Page.TitleAsync());
        visit.Expect("policy: script-src-elem refused inline");
        visit.Expect("on purpose");
        visit.Expect("out loud");
        visit.Expect("Content Security Policy");
        visit.AssertQuiet();
    }

    [Fact]
    public async Task The_strictest_policy_neither_stops_axe_nor_is_breached_by_it()
    {
        await using var visit = await Open(
            Sound,
            policy: "default-src 'none'; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'"
        );

        await visit.AssertAccessible();

        visit.AssertQuiet();
    }

    [Fact]
    public async Task Sideways_scrolling_is_noticed()
    {
        await using var visit = await Open(
            Sound.Replace("<h1>", "<h1 style='width:900px'>", StringComparison.Ordinal),
            new() { Width = 320 }
        );

        await Assert.ThrowsAnyAsync<XunitException>(() => visit.AssertNoSidewaysScrolling());
    }

    [Fact]
    public async Task Without_script_pages_still_load_and_pictures_are_kept()
    {
        await using var visit = await Open(
            Sound.Replace("<h1>", "<script>document.write('scripted')</script><h1>", StringComparison.Ordinal),
            new() { Script = false }
        );
        var picture = Checkout.PathTo("artifacts", "screenshots", $"support-{Environment.ProcessId}.png");

        await visit.Picture(Path.GetFileNameWithoutExtension(picture));

        Assert.DoesNotContain("scripted", await visit.Page.InnerTextAsync("body"), StringComparison.Ordinal);
        Assert.Equal(0x89, File.ReadAllBytes(picture)[0]);
        File.Delete(picture);
    }

    private async Task<Visit> Open(string html, VisitOptions? options = null, string policy = "default-src 'self' 'unsafe-inline' data:")
    {
        var visit = await browser.Visit(new("http://sound.test/"), options);
        await visit.Context.RouteAsync(
            "**/*",
            route =>
                route.FulfillAsync(
                    new()
                    {
                        Body = html,
                        ContentType = "text/html",
                        Headers = new Dictionary<string, string> { ["Content-Security-Policy"] = policy },
                    }
                )
        );
        await visit.Go("");
        return visit;
    }
}
