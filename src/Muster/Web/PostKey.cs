using Muster.Bulk;

namespace Muster.Web;

/// <summary>The key a form carries, so that a double click, a retry or a lost answer never does the same thing twice.</summary>
public static class PostKey
{
    /// <summary>Name of the hidden field.</summary>
    public const string Field = "idempotencyKey";

    /// <summary>The key of the form being posted, or null.</summary>
    public static string? Of(HttpContext context) =>
        context.Request.HasFormContentType
        && context.Request.Form.TryGetValue(Field, out var value)
        && value.ToString() is { Length: > 0 and <= 64 } key
            ? key
            : null;

    /// <summary>A new key.</summary>
    public static string Fresh(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");

    /// <summary>The posted key as the pipeline wants it, bound to who posts and what for; null when the form carried none.</summary>
    public static Idempotency? Idempotency(this HttpContext context, Here here, string purpose)
    {
        ArgumentNullException.ThrowIfNull(here);
        return Of(context) is { } key ? new($"web:{here.Actor.AccountId}:{purpose}:{key}", purpose) : null;
    }
}
