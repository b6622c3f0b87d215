using Microsoft.Extensions.Configuration;
using Muster.Mail;
using Xunit;

namespace Muster.Tests;

public sealed class MailOptionsTests
{
    [Theory]
    [InlineData("smtp://mail.example.com", "mail.example.com", 25, false, null, null)]
    [InlineData("smtp://mail.example.com:2525", "mail.example.com", 2525, false, null, null)]
    [InlineData("smtp://ann:secret@mail.example.com", "mail.example.com", 587, false, "ann", "secret")]
    [InlineData("smtps://ann%40example.com:p%3Aw%2F%40@mail.example.com", "mail.example.com", 465, true, "ann@example.com", "p:w/@")]
    public void The_mail_server_is_read_from_one_setting(string setting, string host, int port, bool tls, string? user, string? password) =>
        Assert.Equal(new SmtpServer(host, port, tls, user, password), Read(("Smtp", setting)).Smtp);

    [Theory]
    [InlineData("Smtp", "mail.example.com", "Muster__Smtp")]
    [InlineData("Smtp", "http://mail.example.com", "Muster__Smtp")]
    [InlineData("Smtp", "smtp://ann@mail.example.com", "password")]
    [InlineData("Smtp", "smtp://", "Muster__Smtp")]
    [InlineData("PublicUrl", "learning.example.com", "Muster__PublicUrl")]
    [InlineData("PublicUrl", "ftp://learning.example.com", "Muster__PublicUrl")]
    [InlineData("MailFrom", "nobody", "Muster__MailFrom")]
    [InlineData("MailsPerSecond", "fast", "Muster__MailsPerSecond")]
    [InlineData("SmtpTimeoutSeconds", "0", "Muster__SmtpTimeoutSeconds")]
    public void A_setting_that_cannot_be_used_is_named_with_what_would_be_right(string name, string value, string named)
    {
        var refusal = Assert.Throws<FormatException>(() => Read((name, value)));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_is_never_repeated()
    {
        var server = Read(("Smtp", "smtp://ann:secret@mail.example.com")).Smtp!;
        Assert.DoesNotContain("secret", server.ToString(), StringComparison.Ordinal);
        var refusal = Assert.Throws<FormatException>(() => Read(("Smtp", "smtp://ann:secret@mail.example.com/path")));
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_settings_messages_are_kept()
    {
        Assert.Null(Read().Smtp);
        Assert.Equal("muster@localhost", new SiteAddress(Read(), new Nothing()).Sender);
    }

    private static MailOptions Read(params (string Name, string Value)[] settings) =>
        MailOptions.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Muster:{s.Name}", (string?)s.Value)))
                .Build()
        );

    private sealed class Nothing : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
