using Muster.Bulk;
using Muster.Web;
using Xunit;

namespace Muster.Tests;

public sealed class StateChangeTests
{
    [Theory]
    [InlineData(
        """{"status":"Active","openEnrolments":3}""",
        """{"status":"Archived","openEnrolments":0}""",
        "Status: Active → Archived|Open enrolments: 3 → 0"
    )]
    [InlineData("""{"enrolsNow":" 17 9"}""", """{"member":true}""", "Added to the group|Enrolled in First aid, (removed, 9)")]
    [InlineData("""{"enrolsOnAcceptance":" 17"}""", """{"member":true}""", "Added to the group|Enrolled in First aid on acceptance")]
    [InlineData("""{"enrolsNow":""}""", """{"member":true}""", "Added to the group")]
    [InlineData(
        """{"enrolsNow":" 17 9"}""",
        """{"member":true,"noSeat9":" 9"}""",
        "Added to the group|No seat in (removed, 9)|Enrolled in First aid"
    )]
    [InlineData("""{"#check":4}""", """{"member":false}""", "Taken out of the group")]
    [InlineData("""{"member":true,"noSeat9":" 9"}""", """{"member":false}""", "Taken out of the group")]
    [InlineData(null, """{"status":"Invited","unit":""}""", "Status: Invited")]
    public void A_change_is_said_in_words(string? before, string? after, string lines) =>
        Assert.Equal(
            lines.Split('|'),
            StateChange.Of(new OperationItem { Before = before, After = after }, new Dictionary<long, string> { [17] = "First aid" })
        );
}
