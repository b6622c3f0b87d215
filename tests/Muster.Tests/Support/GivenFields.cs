using Muster.People;

namespace Muster.Tests;

/// <summary>Custom fields and their values.</summary>
public sealed partial class Given
{
    /// <summary>A custom field.</summary>
    public CustomField Field(string name, FieldKind kind, int position) =>
        Add(
            new CustomField
            {
                WorkspaceId = Workspace,
                Id = ++lastId,
                Name = name,
                NameKey = Names.Fold(name),
                Kind = kind,
                Position = position,
            }
        );

    /// <summary>A person's value of a field.</summary>
    public FieldValue Value(Profile person, CustomField field, object value)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(field);
        return Add(
            new FieldValue
            {
                WorkspaceId = Workspace,
                ProfileId = person.Id,
                FieldId = field.Id,
                Text = value as string,
                Number = value as decimal?,
                Date = value as DateOnly?,
                YesNo = value as bool?,
            }
        );
    }
}
