namespace Muster.Web;

/// <summary>One box of a <see cref="ChoiceList"/>.</summary>
/// <param name="Id">Of the group or course.</param>
/// <param name="Text">Its name.</param>
/// <param name="Note">What helps to choose, such as the number of members.</param>
/// <param name="IsDisabled">Cannot be chosen.</param>
public sealed record Choice(long Id, string Text, string Note, bool IsDisabled = false);
