namespace Muster.Bulk;

/// <summary>Puts the pipeline into the application.</summary>
public static class BulkRegistration
{
    public static IServiceCollection AddBulk(this IServiceCollection services)
    {
        services.AddOptions<BulkOptions>().BindConfiguration("Muster:Bulk").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<BulkOptions>>().Value);
        services.AddSingleton<ActionCatalog>();
        services.AddSingleton<OperationSignal>();
        services.AddSingleton<RowReadings>();
        services.AddSingleton<ListReadings>();
        services.AddSingleton<SelectionFreezer>();
        services.AddSingleton<PreviewPlanner>();
        services.AddSingleton<ChunkExecutor>();
        services.AddSingleton<Operations>();
        services.AddSingleton<Confirmations>();
        services.AddSingleton<Schedules>();
        services.AddHostedService<ScheduleClock>();
        services.AddSingleton<PreviewEdits>();
        services.AddSingleton<OperationViews>();
        services.AddSingleton<ItemList>();
        services.AddSingleton<ResultsFile>();
        services.AddSingleton<OperationRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<OperationRunner>());
        services.AddSingleton<Housekeeping>();
        services.AddHostedService(provider => provider.GetRequiredService<Housekeeping>());
        return services;
    }
}
