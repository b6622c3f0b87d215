using Muster.People;
using Muster.Web;
using Xunit;

namespace Muster.Tests;

public sealed class UserListStateTests
{
    [Fact]
    public void An_address_says_everything_the_list_shows()
    {
        var state = new UserListState
        {
            Search = "o'neill & sons",
            Role = ProfileRole.Manager,
            Unit = 7,
            Exact = true,
            Group = 9,
            Status = "archived",
            Course = 3,
            Field = new(4, "Fire & rescue"),
            Invited = new(new(2026, 1, 2), new(2026, 1, 3)),
            Registered = new(new(2026, 2, 2)),
            LastActive = new(To: new(2026, 3, 3)),
            Expires = new(new(2026, 4, 2), new(2026, 4, 2)),
            Descending = true,
            After = 12,
            For = "archive-profiles",
        };

        Assert.Equal(state, UserListState.Parse(state.ToQuery()));
    }

    [Theory]
    [InlineData("?status=nonsense&role=12&unit=x&after=-3")]
    [InlineData("?search=%20%20")]
    [InlineData("?registeredFrom=yesterday&invitedFrom=2026-02-02&invitedTo=2026-02-01&is=5&course=x")]
    [InlineData("")]
    [InlineData(null)]
    public void What_cannot_be_read_counts_as_not_given(string? query) => Assert.Equal(new UserListState(), UserListState.Parse(query));

    [Fact]
    public void Nobody_sees_archived_people_who_did_not_ask_for_them()
    {
        Assert.Equal(UserFilter.Default.Status, new UserListState().ToFilter(UserFilter.Default).Status);
        Assert.Null(
            new UserListState { Status = "all" }
                .ToFilter(UserFilter.Default)
                .Status
        );
        Assert.Equal(
            [StatusFilter.Archived],
            new UserListState { Status = "archived" }
                .ToFilter(UserFilter.Default)
                .Status!
        );
    }

    [Fact]
    public void Order_and_place_do_not_change_what_is_selected() =>
        Assert.Equal(
            "search=ann",
            new UserListState
            {
                Search = "ann",
                Descending = true,
                Before = 4,
            }.FilterQuery
        );
}
