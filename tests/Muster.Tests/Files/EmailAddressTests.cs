using Muster.Files;
using Xunit;

namespace Muster.Tests;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ann@example.com", "ann@example.com", "ann@example.com")]
    [InlineData("  Ann.Lee@Example.COM ", "Ann.Lee@example.com", "ann.lee@example.com")]
    [InlineData("\u00A0ann@example.com\u200B\uFEFF", "ann@example.com", "ann@example.com")]
    [InlineData("ann+course@example.com", "ann+course@example.com", "ann+course@example.com")]
    [InlineData("a.n.n@example.com", "a.n.n@example.com", "a.n.n@example.com")]
    [InlineData("Ann Lee <Ann@Example.com>", "Ann@example.com", "ann@example.com")]
    [InlineData("\"Lee, Ann\" <ann@example.com>", "ann@example.com", "ann@example.com")]
    [InlineData("<ann@example.com>", "ann@example.com", "ann@example.com")]
    [InlineData("mailto:ann@example.com", "ann@example.com", "ann@example.com")]
    [InlineData("MAILTO: ann@example.com", "ann@example.com", "ann@example.com")]
    [InlineData("o'neill@example.ie", "o'neill@example.ie", "o'neill@example.ie")]
    [InlineData("ann@müller.de", "ann@xn--mller-kva.de", "ann@xn--mller-kva.de")]
    [InlineData("ann@MÜLLER.de", "ann@xn--mller-kva.de", "ann@xn--mller-kva.de")]
    [InlineData("ann@MU\u0308LLER.de", "ann@xn--mller-kva.de", "ann@xn--mller-kva.de")]
    [InlineData("ann@xn--mller-kva.de", "ann@xn--mller-kva.de", "ann@xn--mller-kva.de")]
    [InlineData("ünï@example.com", "ünï@example.com", "ünï@example.com")]
    [InlineData("u\u0308ni@example.com", "üni@example.com", "üni@example.com")]
    [InlineData("1@2.example", "1@2.example", "1@2.example")]
    public void An_address_is_read(string text, string address, string key)
    {
        Assert.True(EmailAddress.TryParse(text, out var read, out var problem), problem);
        Assert.Equal(address, read.Address);
        Assert.Equal(key, read.Key);
        Assert.Equal("", problem);
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("", "missing")]
    [InlineData(" \u200B ", "missing")]
    [InlineData("ann", "has no @")]
    [InlineData("ann.example.com", "has no @")]
    [InlineData("ann＠example.com", "full-width")]
    [InlineData("@example.com", "before the @ is missing")]
    [InlineData("ann@", "after the @ is missing")]
    [InlineData("ann@example", "has no dot")]
    [InlineData("ann@example.com, bob@example.com", "several")]
    [InlineData("ann@example.com; bob@example.com", "several")]
    [InlineData("ann@example.com bob@example.com", "several")]
    [InlineData("ann@example.com/bob@example.com", "several")]
    [InlineData("ann@example.com <bob@example.com>", "several")]
    [InlineData("ann@example.com\nbob@example.com", "line break")]
    [InlineData("ann@@example.com", "more than one @")]
    [InlineData("ann@b@example.com", "more than one @")]
    [InlineData("ann lee@example.com", "space, comma or semicolon")]
    [InlineData("ann@example.com,", "space, comma or semicolon")]
    [InlineData("ann@example.com (work)", "space, comma or semicolon")]
    [InlineData(".ann@example.com", "dots")]
    [InlineData("ann.@example.com", "dots")]
    [InlineData("a..n@example.com", "dots")]
    [InlineData("\"ann lee\"@example.com", "space, comma or semicolon")]
    [InlineData("\"ann\"@example.com", "not allowed")]
    [InlineData("ann@example.com>", "not a mail domain")]
    [InlineData("ann(x)@example.com", "not allowed")]
    [InlineData("ann😀@example.com", "not allowed")]
    [InlineData("ann@[127.0.0.1]", "not a mail domain")]
    [InlineData("ann@127.0.0.1", "ends in a number")]
    [InlineData("ann@x.123", "ends in a number")]
    [InlineData("ann@-x.com", "not a mail domain")]
    [InlineData("ann@x-.com", "not a mail domain")]
    [InlineData("ann@x..com", "not a mail domain")]
    [InlineData("ann@.com", "not a mail domain")]
    [InlineData("ann@x.com.", "not a mail domain")]
    [InlineData("ann@x_y.com", "not a mail domain")]
    [InlineData("ann@x.com\u202E", "U+202E")]
    [InlineData("an\u200Bn@x.com", "U+200B")]
    [InlineData("an\u00A0n@x.com", "U+00A0")]
    [InlineData("an\u0000n@x.com", "U+0000")]
    [InlineData("an\uD800n@x.com", "U+FFFD")]
    [InlineData("an\uFFFEn@x.com", "U+FFFD")]
    [InlineData("ann@\uFFFFx.com", "U+FFFD")]
    public void Anything_else_is_refused_with_a_sentence(string? text, string part)
    {
        Assert.False(EmailAddress.TryParse(text, out var read, out var problem));
        Assert.Null(read);
        Assert.Contains(part, problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Lengths_are_counted_in_octets()
    {
        Assert.True(EmailAddress.TryParse(new string('a', 64) + "@example.com", out _, out _));
        Assert.False(EmailAddress.TryParse(new string('a', 65) + "@example.com", out _, out _));
        Assert.True(EmailAddress.TryParse(new string('ü', 32) + "@example.com", out _, out _));
        Assert.False(EmailAddress.TryParse(new string('ü', 33) + "@example.com", out _, out _));
        var label = new string('b', 61) + ".";
        var domain = label + label + label + "com";
        Assert.True(EmailAddress.TryParse(new string('a', 64) + "@" + domain, out var longest, out _));
        Assert.Equal(254, longest.Address.Length);
        Assert.False(EmailAddress.TryParse(new string('a', 64) + "@b" + domain, out _, out _));
        Assert.False(EmailAddress.TryParse(new string(' ', 1024) + "a@example.com", out _, out _));
        Assert.False(EmailAddress.TryParse("ann@" + new string('b', 64) + ".com", out _, out _));
    }

    [Fact]
    public void A_domain_without_a_dot_is_for_intranets_that_say_so()
    {
        Assert.True(EmailAddress.TryParse("ann@intranet", out var read, out _, allowDotless: true));
        Assert.Equal("ann@intranet", read.Key);
    }

    [Fact]
    public void Only_a_non_ascii_local_part_needs_smtputf8()
    {
        Assert.True(EmailAddress.TryParse("ann@müller.de", out var domain, out _));
        Assert.True(EmailAddress.TryParse("ünï@example.com", out var local, out _));
        Assert.False(domain.NeedsSmtpUtf8);
        Assert.True(local.NeedsSmtpUtf8);
    }
}
