using Muster.Files;
using Xunit;

namespace Muster.Tests;

public sealed class HeaderMapTests
{
    private static readonly KnownColumn[] Known =
    [
        new("Email", Required: true, "E-mail"),
        new("First name", Required: true),
        new("Organisation unit"),
        new("Cost centre"),
        new("Costcentre"),
    ];

    private static HeaderCell[] Headers(params string[] texts) => [.. texts.Select((text, i) => new HeaderCell(i + 1, text))];

    [Fact]
    public void Case_spaces_asterisks_and_order_do_not_matter()
    {
        var map = HeaderMap.Match(Headers("  ORGANISATIONUNIT", "first  Name *", "Shoe size", "e\u200B-MAIL*"), Known);
        Assert.Equal(
            (4, 2, 1, 0),
            (map.ColumnOf("Email"), map.ColumnOf("First name"), map.ColumnOf("Organisation unit"), map.ColumnOf("Cost centre"))
        );
        Assert.Equal([new HeaderCell(3, "Shoe size")], map.Unknown);
        Assert.Empty(map.Missing);
        Assert.False(map.TryGetColumn("Cost centre", out _));
        Assert.True(map.TryGetColumn("Email", out var column));
        Assert.Equal(4, column);
    }

    [Fact]
    public void Required_columns_that_are_missing_are_named() =>
        Assert.Equal(["First name"], HeaderMap.Match(Headers("Email"), Known).Missing);

    [Theory]
    [InlineData("Email", "EMAIL *")]
    [InlineData("Email", "E-mail")]
    public void Two_columns_of_one_meaning_are_refused_with_both_named(string first, string second)
    {
        var refusal = Assert.Throws<SpreadsheetException>(() => HeaderMap.Match(Headers(first, "Shoe size", second), Known, headerRow: 3));
        Assert.Equal("duplicate-header", refusal.Code);
        Assert.Contains($"A3 (“{first}”) and C3 (“{second}”)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_nobody_knows_may_be_there_twice() =>
        Assert.Equal(2, HeaderMap.Match(Headers("Email", "Note", "Note"), Known).Unknown.Count);

    [Fact]
    public void Fields_whose_names_differ_only_in_spaces_are_told_apart_by_the_exact_name()
    {
        var map = HeaderMap.Match(Headers("Email", "Costcentre", "Cost centre*"), Known);
        Assert.Equal((3, 2), (map.ColumnOf("Cost centre"), map.ColumnOf("Costcentre")));
    }

    [Theory]
    [InlineData(1, "A")]
    [InlineData(26, "Z")]
    [InlineData(27, "AA")]
    [InlineData(256, "IV")]
    [InlineData(702, "ZZ")]
    [InlineData(703, "AAA")]
    [InlineData(16384, "XFD")]
    public void Columns_have_the_letters_of_spreadsheets(int column, string letters)
    {
        Assert.Equal(letters, CellReference.ColumnName(column));
        Assert.Equal(letters + "7", CellReference.Of(column, 7));
        Assert.Equal(column, CellReference.ColumnOf(letters + "7"));
        Assert.Equal(column, CellReference.ColumnOf($"${letters.ToLowerInvariant()}$7"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("A")]
    [InlineData("A-7")]
    [InlineData("ÄA7")]
    [InlineData("AAAAAAAAAAAAAAAA7")]
    public void What_is_no_address_has_no_column(string text) => Assert.Equal(0, CellReference.ColumnOf(text));

    [Fact]
    public void The_formula_guard_is_exactly_undone()
    {
        const string characters = "=+-@\t\r\n\0'＝＋－＠ aé";
        var texts = new List<string> { "" };
        for (var length = 1; length <= 3; length++)
        {
            texts.AddRange(texts.Where(text => text.Length == length - 1).SelectMany(text => characters.Select(c => text + c)).ToList());
        }
        foreach (var text in texts)
        {
            var guarded = FormulaGuard.Neutralise(text);
            Assert.Equal(text, FormulaGuard.Restore(guarded));
            Assert.Equal(text, FormulaGuard.Restore(FormulaGuard.KeepRestorable(text)));
            Assert.True(guarded.Length == 0 || !"=+-@\t\r\n\0＝＋－＠".Contains(guarded[0], StringComparison.Ordinal));
        }
        Assert.Equal(texts.Count, texts.Select(FormulaGuard.Neutralise).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(texts.Count, texts.Select(FormulaGuard.KeepRestorable).Distinct(StringComparer.Ordinal).Count());
    }
}
