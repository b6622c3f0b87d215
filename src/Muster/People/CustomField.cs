namespace Muster.People;

/// <summary>What a custom field holds.</summary>
public enum FieldKind
{
    Text = 0,
    Number = 1,
    Date = 2,
    YesNo = 3,
    Choice = 4,
}

/// <summary>A field the workspace adds to its users.</summary>
public sealed class CustomField
{
    public long WorkspaceId { get; set; }

    public long Id { get; set; }

    public required string Name { get; set; }

    /// <summary>Folded name; unique in the workspace.</summary>
    public required string NameKey { get; set; }

    public FieldKind Kind { get; set; }

    public bool IsRequired { get; set; }

    /// <summary>Where the field stands among the others in forms and files.</summary>
    public int Position { get; set; }

    /// <summary>The allowed values of a <see cref="FieldKind.Choice"/>, one a line.</summary>
    public string? Choices { get; set; }
}

/// <summary>One profile's value of one custom field; exactly one of the typed columns is set.</summary>
public sealed class FieldValue
{
    /// <summary>The longest text; more would not fit into the index by which people are filtered.</summary>
    public const int MaxText = 500;

    public long WorkspaceId { get; set; }

    public long ProfileId { get; set; }

    public long FieldId { get; set; }

    public string? Text { get; set; }

    /// <summary>The text in small letters, which the database itself writes beside it: filters look without regard to case.</summary>
    public string? TextKey { get; private set; }

    public decimal? Number { get; set; }

    public DateOnly? Date { get; set; }

    public bool? YesNo { get; set; }
}
