namespace Muster.Learning;

/// <summary>Puts what people do by hand to courses and rules into the application.</summary>
public static class LearningRegistration
{
    public static IServiceCollection AddLearning(this IServiceCollection services)
    {
        services.AddSingleton<CourseEdits>();
        services.AddSingleton<RuleEdits>();
        services.AddSingleton<RuleRuns>();
        services.AddScoped<MyCourses>();
        return services;
    }
}
