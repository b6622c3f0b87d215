namespace Muster.Bulk;

/// <summary>An action that changes nobody and answers with a file at once: no items, no preview, no undo. The menu links to its download.</summary>
public abstract class DownloadAction : BulkAction
{
    public sealed override bool IsOperation => false;
    public sealed override bool IsReversible => false;
    public sealed override Type ParametersType => typeof(NoParameters);

    /// <summary>Where the file is, below the workspace's address.</summary>
    public abstract string Path { get; }

    public sealed override object ReadParameters(string json) => throw NotAnOperation();

    internal sealed override Task CheckParameters(OperationContext context, object parameters, CancellationToken ct) =>
        throw NotAnOperation();

    internal sealed override Task<IQueryable<Judgement>> Judge(OperationContext context, object parameters, CancellationToken ct) =>
        throw NotAnOperation();

    internal sealed override Task JudgeTogether(OperationContext context, object parameters, ItemScope scope, CancellationToken ct) =>
        throw NotAnOperation();

    internal sealed override bool JudgesTogether(bool undo) => throw NotAnOperation();

    internal sealed override Task Apply(OperationContext chunk, object parameters, CancellationToken ct) => throw NotAnOperation();

    internal sealed override IQueryable<Judgement> JudgeRevert(OperationContext context, object parameters) => throw NotAnOperation();

    internal sealed override Task JudgeRevertTogether(OperationContext context, object parameters, ItemScope scope, CancellationToken ct) =>
        throw NotAnOperation();

    internal sealed override Task Revert(OperationContext chunk, object parameters, CancellationToken ct) => throw NotAnOperation();

    internal sealed override Task<Preview> Effects(OperationContext context, object parameters, CancellationToken ct) =>
        throw NotAnOperation();

    internal sealed override Task Lock(OperationContext context, object parameters, CancellationToken ct) => throw NotAnOperation();

    internal sealed override Task<bool> FollowsList(OperationContext context, object parameters, CancellationToken ct) =>
        throw NotAnOperation();

    private InvalidOperationException NotAnOperation() => new($"{Key} is a download; it never becomes an operation.");
}
