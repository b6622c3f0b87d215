using Muster.Bulk;

namespace Muster.People;

/// <summary>What can be wrong with a row of an invitation file; the row itself says which cell and what would be right.</summary>
public static class InvitationProblems
{
    public static readonly Reason Email = CommonReasons.BadEmail;
    public static readonly Reason Name = new("bad-name", "The name is missing, too long or cannot be read.");
    public static readonly Reason Role = new("unknown-role", "There is no such role.");
    public static readonly Reason RoleAbove = new("role-above", "The role is above your own.");
    public static readonly Reason Unit = new("unknown-unit", "There is no such organisation unit.");
    public static readonly Reason Group = new("unknown-group", "There is no such group.");
    public static readonly Reason Manages = new("unknown-managed-unit", "A unit to manage does not exist.");
    public static readonly Reason NotManager = new("not-a-manager", "Units to manage are named for somebody who is not a Manager.");
    public static readonly Reason Expiry = new("bad-date", "The expiry date is not a day that can be read.");
    public static readonly Reason ExpiryPast = new("date-in-the-past", "The expiry date has passed.");
    public static readonly Reason FieldMissing = new("missing-field", "A required field is empty.");
    public static readonly Reason Field = new("bad-field", "A field's value is not of its kind.");

    /// <summary>Those that are this file's own.</summary>
    public static IReadOnlyList<Reason> All =>
        [Name, Role, RoleAbove, Unit, Group, Manages, NotManager, Expiry, ExpiryPast, FieldMissing, Field];
}
