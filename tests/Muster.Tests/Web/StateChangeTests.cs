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
    [InlineData("""{"enrolments":"now 3"}""", """{"member":true}""", "Added to the group|3 new enrolments")]
    [InlineData("""{"enrolments":"on acceptance 1"}""", """{"member":true}""", "Added to the group|1 new enrolment on acceptance")]
    [InlineData("""{"enrolments":"now 0"}""", """{"member":true}""", "Added to the group")]
    [InlineData("""{"enrolments":"some other words"}""", """{"member":false}""", "Taken out of the group|Enrolments: some other words")]
    [InlineData(null, """{"status":"Invited","unit":""}""", "Status: Invited")]
    public void A_change_is_said_in_words(string? before, string? after, string lines) =>
        Assert.Equal(lines.Split('|'), StateChange.Of(new OperationItem { Before = before, After = after }));
}
