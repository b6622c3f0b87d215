namespace Muster.People;

/// <summary>Puts what people do by hand to groups and units into the application.</summary>
public static class PeopleRegistration
{
    public static IServiceCollection AddPeople(this IServiceCollection services) =>
        services
            .AddSingleton<SiteWorkspaceEdits>()
            .AddSingleton<GroupEdits>()
            .AddSingleton<UnitEdits>()
            .AddSingleton<UnitRemoval>()
            .AddSingleton<FieldEdits>()
            .AddSingleton<WorkspaceEdits>()
            .AddSingleton<UserEdits>()
            .AddScoped<Acceptance>()
            .AddScoped<MyProfile>();
}
