using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Muster.Web;

/// <summary>
/// One sentence for the page after a redirect ("Group saved."). Kept in a protected cookie, so that no server remembers it
/// and nobody can make a link that puts words in our mouth.
/// </summary>
public sealed class Flash(IHttpContextAccessor http, IDataProtectionProvider protection)
{
    private const string Cookie = "muster-flash";
    private readonly IDataProtector _protector = protection.CreateProtector("Muster.Web.Flash");

    /// <summary>Says <paramref name="sentence"/> on the next page shown.</summary>
    /// <param name="sentence">What happened.</param>
    /// <param name="tone"><c>good</c>, or <c>bad</c> for a refusal.</param>
    public void Say(string sentence, string tone = "good") =>
        http.HttpContext!.Response.Cookies.Append(
            Cookie,
            _protector.Protect($"{tone}|{sentence}"),
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Path = "/",
                MaxAge = TimeSpan.FromMinutes(2),
                IsEssential = true,
            }
        );

    /// <summary>The sentence left by the page before and its tone, once.</summary>
    public (string Sentence, string Tone)? Take()
    {
        var context = http.HttpContext!;
        if (context.Request.Cookies[Cookie] is not { Length: > 0 } kept)
        {
            return null;
        }
        context.Response.Cookies.Delete(Cookie);
        try
        {
            var parts = _protector.Unprotect(kept).Split('|', 2);
            return parts is [var tone, var sentence] ? (sentence, tone) : null;
        }
        catch (CryptographicException)
        {
            return null; // Written with keys that are gone, or by somebody else: nothing to say.
        }
    }
}
