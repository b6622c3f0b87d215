namespace Muster.Learning;

/// <summary>Puts what people do by hand to courses and rules into the application.</summary>
public static class LearningRegistration
{
    public static IServiceCollection AddLearning(this IServiceCollection services) =>
        services.AddSingleton<CourseEdits>().AddSingleton<RuleEdits>().AddSingleton<RuleRuns>().AddScoped<MyCourses>();
}
