using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Muster.Web;
using Xunit;

namespace Muster.Tests;

public sealed class ParametersFormTests
{
    private sealed record Everything(IReadOnlyList<long> Groups, int? Days, bool SendMail, string? Note, DateOnly? StartsOn);

    [Fact]
    public void Fields_become_the_json_an_api_client_would_send() =>
        Assert.Equal(
            """{"groups":[3,4],"days":30,"sendMail":true,"note":"hello","startsOn":"2030-01-02"}""",
            Read(("groups", "3"), ("groups", "4"), ("days", "30"), ("sendMail", "true"), ("note", "hello"), ("startsOn", "2030-01-02"))
        );

    [Fact]
    public void What_was_left_empty_is_left_out() => Assert.Equal("""{"groups":[],"sendMail":false}""", Read(("note", " "), ("days", "")));

    [Fact]
    public void What_is_no_number_is_passed_on_for_the_action_to_refuse() =>
        Assert.Equal("""{"groups":["x"],"sendMail":false}""", Read(("groups", "x")));

    private static string Read(params (string Name, string Value)[] fields) =>
        ParametersForm.Read(
            new FormCollection(fields.GroupBy(f => f.Name).ToDictionary(f => f.Key, f => new StringValues([.. f.Select(v => v.Value)]))),
            typeof(Everything)
        );
}
