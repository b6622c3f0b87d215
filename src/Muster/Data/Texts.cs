using System.Linq.Expressions;

namespace Muster.Data;

/// <summary>Puts together queries whose parts are known only when they are asked.</summary>
public static class Texts
{
    private static readonly System.Reflection.MethodInfo Concat = typeof(string).GetMethod(
        nameof(string.Concat),
        [typeof(string), typeof(string)]
    )!;

    /// <summary>One expression that gives a row and the texts of all the parts behind each other, as a tree no deeper than it has to be: databases limit that.</summary>
    /// <param name="parts">Each gives its text of the row; none gives an empty text.</param>
    /// <param name="result">What becomes of the row and the whole text.</param>
    public static Expression<Func<TRow, TResult>> Joined<TRow, TResult>(
        IReadOnlyList<Expression<Func<TRow, string>>> parts,
        Expression<Func<TRow, string, TResult>> result
    )
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(result);
        var row = result.Parameters[0];
        List<Expression> texts = [.. parts.Select(part => new Replacement(part.Parameters[0], row).Visit(part.Body)!)];
        while (texts.Count > 1)
        {
            texts = [.. texts.Chunk(2).Select(pair => pair.Length == 1 ? pair[0] : Expression.Add(pair[0], pair[1], Concat))];
        }

        var text = texts.Count == 0 ? Expression.Constant("") : texts[0];
        return Expression.Lambda<Func<TRow, TResult>>(new Replacement(result.Parameters[1], text).Visit(result.Body)!, row);
    }

    private sealed class Replacement(Expression what, Expression with) : ExpressionVisitor
    {
        public override Expression? Visit(Expression? node) => node == what ? with : base.Visit(node);
    }
}
