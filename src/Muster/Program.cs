using Muster.Access;
using Muster.Api;
using Muster.Bulk;
using Muster.Cli;
using Muster.Data;
using Muster.Learning;
using Muster.Mail;
using Muster.People;
using Muster.Web;

namespace Muster;

/// <summary>What the program is made of: services, and the way of a request through them.</summary>
public static class Program
{
    public static Task<int> Main(string[] args) => CommandLine.Run(args);

    /// <summary>Everything the server and the commands are made of.</summary>
    internal static void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddData(DatabaseOptions.Parse(configuration["Muster:Database"]));
        services.AddPeople();
        services.AddLearning();
        services.AddBulk();
        services.AddAccess();
        services.AddMail(MailOptions.Read(configuration));
        services.AddApi();
        services.AddWeb();
    }

    /// <summary>A request passes these from top to bottom.</summary>
    internal static void UseServices(WebApplication app)
    {
        app.UseWeb();
        app.UseAccess();
        app.MapHealth();
        app.MapApi();
        app.MapWeb();
    }
}
