using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using Muster.Data;
using Muster.Files;
using Muster.People;

namespace Muster.Bulk;

/// <summary>Where an action stands in the menu.</summary>
public enum ActionCategory
{
    Learning,
    Onboarding,
    Organisation,
    UserProfile,
}

/// <summary>The ways in which an action can be given its users.</summary>
[Flags]
public enum SelectionWays
{
    List = 1,
    File = 2,
    Emails = 4,
    Operation = 8,
    All = List | File | Emails | Operation,
}

/// <summary>
/// One bulk action: what varies, and nothing else. The pipeline owns freezing, chunks, transactions, outcomes, progress and undo.
/// The same Judge runs for the preview and again inside each chunk, so a run may do less than previewed, never more and never something else.
/// </summary>
public abstract class BulkAction
{
    /// <summary>Stable name in API, command line and tables, such as <c>archive-profiles</c>.</summary>
    public abstract string Key { get; }

    /// <summary>Name in menus: an imperative, such as "Archive profiles".</summary>
    public abstract string Title { get; }

    public abstract ActionCategory Category { get; }

    /// <summary>Place within its category's part of the menu.</summary>
    public virtual int MenuPosition => 100;

    /// <summary>One sentence for the chooser page.</summary>
    public abstract string Sentence { get; }

    /// <summary>Takes something away, whatever its parameters: asks for the typed count above the workspace's threshold.</summary>
    public virtual bool IsDestructive => false;

    /// <summary>Can be undone.</summary>
    public virtual bool IsReversible => true;

    /// <summary>Warns in the preview that Expired people stay without access; not of an action that is about just that.</summary>
    public virtual bool WarnsOfExpired => true;

    /// <summary>The undo takes something away (removes, archives, cancels), so it asks for the typed count as well.</summary>
    public virtual bool IsUndoDestructive => false;

    /// <summary>Text of the last button, such as "Send invitations".</summary>
    public virtual string ConfirmLabel => "Update users";

    /// <summary>False for an action that answers with a download instead of an operation (export).</summary>
    public virtual bool IsOperation => true;

    public virtual SelectionWays Ways => SelectionWays.All;

    /// <summary>The users list's filter to begin with: people the action can make sense of.</summary>
    public virtual UserFilter DefaultFilter => UserFilter.Default;

    /// <summary>The same once the parameters are known: the members of the group, the people enrolled in the course.</summary>
    /// <param name="parameters">Of <see cref="ParametersType"/>; null while they are not known.</param>
    public virtual UserFilter FilterFor(object? parameters) => DefaultFilter;

    /// <summary>Asks for the parameters before the users, because they say whom it makes sense to choose.</summary>
    public virtual bool AsksParametersFirst => false;

    /// <summary>Managers may run it on the people of their units; everything else is for Admins.</summary>
    public virtual bool IsOpenToManagers => false;

    /// <summary>The record the parameters are read into; its properties make form, API schema and command line.</summary>
    public abstract Type ParametersType { get; }

    /// <summary>Every reason this action skips for, found on its <c>static readonly</c> fields.</summary>
    public virtual IReadOnlyList<Reason> Reasons =>
        [
            .. GetType()
                .GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                .Where(member => member.FieldType == typeof(Reason))
                .Select(member => (Reason)member.GetValue(null)!),
            .. CommonReasons.All,
        ];

    /// <summary>How rows of a file become users; by default the e-mail column names people already in the workspace.</summary>
    public virtual Task<RowImport> Import(OperationContext context, CancellationToken ct) =>
        Task.FromResult<RowImport>(new EmailColumnImport());

    /// <summary>The columns of the file that <see cref="Import"/> reads, for the template people download and fill in.</summary>
    public virtual Task<IReadOnlyList<TemplateColumn>> Template(MusterDb db, long workspaceId, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<TemplateColumn>>([new(EmailColumnImport.Column, Required: true)]);

    /// <summary>Reads and checks the parameters.</summary>
    /// <exception cref="ParametersException">Names each wrong field and what would be right.</exception>
    public abstract object ReadParameters(string json);

    internal virtual bool TakesAway(object parameters, DateOnly today) => IsDestructive;

    /// <summary>Whether it hangs on the parameters if something is taken away.</summary>
    internal virtual bool TakesAwayByParameters => false;

    internal abstract Task CheckParameters(OperationContext context, object parameters, CancellationToken ct);

    internal abstract Task<IQueryable<Judgement>> Judge(OperationContext context, object parameters, CancellationToken ct);

    internal abstract Task JudgeTogether(OperationContext context, object parameters, ItemScope scope, CancellationToken ct);

    /// <summary>Whether what one user gets can hang on who else is selected, in an operation or in its undo.</summary>
    internal abstract bool JudgesTogether(bool undo);

    internal abstract Task Apply(OperationContext chunk, object parameters, CancellationToken ct);

    internal abstract IQueryable<Judgement> JudgeRevert(OperationContext context, object parameters);

    internal abstract Task JudgeRevertTogether(OperationContext context, object parameters, ItemScope scope, CancellationToken ct);

    internal abstract Task Revert(OperationContext chunk, object parameters, CancellationToken ct);

    internal abstract Task<Preview> Effects(OperationContext context, object parameters, CancellationToken ct);

    internal abstract Task Lock(OperationContext context, object parameters, CancellationToken ct);

    internal abstract Task<bool> FollowsList(OperationContext context, object parameters, CancellationToken ct);
}

/// <summary>What an action's author writes.</summary>
/// <typeparam name="TParameters">A record with data annotations; <see cref="NoParameters"/> when there are none.</typeparam>
public abstract class BulkAction<TParameters> : BulkAction
    where TParameters : class
{
    public override Type ParametersType => typeof(TParameters);

    /// <summary>
    /// For each of <see cref="OperationContext.Subjects"/>: will change (from what to what), or skipped with the most fundamental reason. One query, no side effects.
    /// A handful of facts about the targets (their courses) may be read first, so that the query over users names them instead of joining them.
    /// </summary>
    protected abstract Task<IQueryable<Judgement>> Judge(OperationContext context, TParameters parameters, CancellationToken ct);

    /// <summary>Rules about the selection as a whole (the last Admin, seats), after every user has been judged; runs again in each chunk.</summary>
    protected virtual Task JudgeTogether(OperationContext context, TParameters parameters, ItemScope scope, CancellationToken ct) =>
        Task.CompletedTask;

    /// <summary>Set-based writes over <see cref="OperationContext.Items"/>.</summary>
    protected abstract Task Apply(OperationContext chunk, TParameters parameters, CancellationToken ct);

    /// <summary>For each changed item of the operation to undo: will change (back), or skipped because somebody changed it since.</summary>
    protected virtual IQueryable<Judgement> JudgeRevert(OperationContext context, TParameters parameters) =>
        throw new NotSupportedException($"{Key} cannot be undone.");

    /// <summary>Rules about an undo as a whole (the last Admin, seats), after every item has been judged; runs again in each chunk.</summary>
    protected virtual Task JudgeRevertTogether(OperationContext context, TParameters parameters, ItemScope scope, CancellationToken ct) =>
        Task.CompletedTask;

    /// <summary>Set-based writes that take back what the original operation did to <see cref="OperationContext.Items"/>.</summary>
    protected virtual Task Revert(OperationContext chunk, TParameters parameters, CancellationToken ct) =>
        throw new NotSupportedException($"{Key} cannot be undone.");

    /// <summary>The numbers beside the users: enrolments, e-mails, seats; and what to warn about.</summary>
    protected virtual Task<Preview> Effects(OperationContext context, TParameters parameters, CancellationToken ct) =>
        Task.FromResult(Preview.Nothing);

    /// <summary>Whether an operation with these parameters takes something away, where that hangs on them: else <see cref="BulkAction.IsDestructive"/> says so.</summary>
    /// <param name="parameters">The operation's.</param>
    /// <param name="today">The day of the preview.</param>
    protected virtual bool TakesAway(TParameters parameters, DateOnly today) => IsDestructive;

    /// <summary>Checks parameters against the workspace (do these groups exist?).</summary>
    /// <exception cref="ParametersException">Names each wrong field.</exception>
    protected virtual Task CheckParameters(OperationContext context, TParameters parameters, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Locks rows other than the chunk's profiles that the writes depend on (courses with seats), in id order.</summary>
    protected virtual Task Lock(OperationContext context, TParameters parameters, CancellationToken ct) => Task.CompletedTask;

    /// <summary>
    /// Whether the first in list order get what the others then do not (seats), so that chunks have to follow it.
    /// Everything else goes through people in the order in which they are stored, which is several times faster at a million.
    /// </summary>
    protected virtual Task<bool> FollowsList(OperationContext context, TParameters parameters, CancellationToken ct) =>
        Task.FromResult(false);

    public sealed override object ReadParameters(string json)
    {
        TParameters? parameters;
        try
        {
            parameters = JsonSerializer.Deserialize<TParameters>(json, Json.Strict);
        }
        catch (JsonException e)
        {
            var field = e.Path is { Length: > 2 } path ? path[2..] : "parameters";
            throw new ParametersException(field, $"The parameters of {Key} cannot be read at '{field}': {e.Message.Split(" Path:")[0]}");
        }

        if (parameters is null)
        {
            throw new ParametersException("parameters", $"{Key} needs a JSON object of parameters, not null.");
        }

        var wrong = new List<ValidationResult>();
        if (!Validator.TryValidateObject(parameters, new ValidationContext(parameters), wrong, validateAllProperties: true))
        {
            throw new ParametersException(
                wrong
                    .SelectMany(
                        result => result.MemberNames.DefaultIfEmpty("parameters"),
                        (result, member) => (Member: JsonNamingPolicy.CamelCase.ConvertName(member), Text: result.ErrorMessage!)
                    )
                    .GroupBy(pair => pair.Member)
                    .ToDictionary(group => group.Key, group => group.Select(pair => pair.Text).ToArray())
            );
        }

        return parameters;
    }

    internal sealed override Task<IQueryable<Judgement>> Judge(OperationContext context, object parameters, CancellationToken ct) =>
        Judge(context, (TParameters)parameters, ct);

    internal sealed override Task JudgeTogether(OperationContext context, object parameters, ItemScope scope, CancellationToken ct) =>
        JudgeTogether(context, (TParameters)parameters, scope, ct);

    internal sealed override bool JudgesTogether(bool undo)
    {
        Func<OperationContext, TParameters, ItemScope, CancellationToken, Task> rule = undo ? JudgeRevertTogether : JudgeTogether;
        return IsOwn(rule);
    }

    internal sealed override bool TakesAway(object parameters, DateOnly today) => TakesAway((TParameters)parameters, today);

    internal sealed override bool TakesAwayByParameters => IsOwn((Func<TParameters, DateOnly, bool>)TakesAway);

    internal sealed override Task Apply(OperationContext chunk, object parameters, CancellationToken ct) =>
        Apply(chunk, (TParameters)parameters, ct);

    internal sealed override IQueryable<Judgement> JudgeRevert(OperationContext context, object parameters) =>
        JudgeRevert(context, (TParameters)parameters);

    internal sealed override Task JudgeRevertTogether(OperationContext context, object parameters, ItemScope scope, CancellationToken ct) =>
        JudgeRevertTogether(context, (TParameters)parameters, scope, ct);

    internal sealed override Task Revert(OperationContext chunk, object parameters, CancellationToken ct) =>
        Revert(chunk, (TParameters)parameters, ct);

    internal sealed override Task<Preview> Effects(OperationContext context, object parameters, CancellationToken ct) =>
        Effects(context, (TParameters)parameters, ct);

    internal sealed override Task CheckParameters(OperationContext context, object parameters, CancellationToken ct) =>
        CheckParameters(context, (TParameters)parameters, ct);

    internal sealed override Task Lock(OperationContext context, object parameters, CancellationToken ct) =>
        Lock(context, (TParameters)parameters, ct);

    internal sealed override Task<bool> FollowsList(OperationContext context, object parameters, CancellationToken ct) =>
        FollowsList(context, (TParameters)parameters, ct);

    private static bool IsOwn(Delegate rule) => rule.Method.DeclaringType != typeof(BulkAction<TParameters>);
}

/// <summary>The parameters of an action that has none.</summary>
public sealed record NoParameters;

/// <summary>Parameters that cannot be used, by field.</summary>
public sealed class ParametersException(IReadOnlyDictionary<string, string[]> errors)
    : Exception(string.Join(' ', errors.SelectMany(error => error.Value)))
{
    public ParametersException(string field, string error)
        : this(new Dictionary<string, string[]> { [field] = [error] }) { }

    /// <summary>Field name → sentences.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; } = errors;
}
