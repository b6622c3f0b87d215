namespace Muster.Web;

/// <summary>The reader's choice of light, dark or the system's theme; a cookie, so that the first paint is already right.</summary>
public static class ThemeCookie
{
    /// <summary>Name of the cookie; <c>theme.js</c> writes it too.</summary>
    public const string Name = "muster-theme";

    /// <summary>The chosen theme: <c>light</c>, <c>dark</c> or <c>system</c>.</summary>
    public static string Read(HttpRequest request) => Known(request.Cookies[Name]);

    /// <summary>Keeps the choice for a year.</summary>
    public static void Write(HttpResponse response, string? theme) =>
        response.Cookies.Append(
            Name,
            Known(theme),
            new CookieOptions
            {
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Lax,
                Path = "/",
                IsEssential = true,
            }
        );

    private static string Known(string? theme) => theme is "light" or "dark" ? theme : "system";
}
