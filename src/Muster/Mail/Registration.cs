namespace Muster.Mail;

/// <summary>Puts the outbox and its sender into the program.</summary>
public static class MailRegistration
{
    public static IServiceCollection AddMail(this IServiceCollection services, MailOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<SiteAddress>();
        services.AddSingleton<OutboxSecrets>();
        services.AddSingleton<LetterTexts>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<OutboxClaims>();
        services.AddSingleton<OutboxSender>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxSender>());
        return services;
    }
}
