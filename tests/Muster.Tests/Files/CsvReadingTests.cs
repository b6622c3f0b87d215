using System.Text;
using Muster.Files;
using Xunit;

namespace Muster.Tests;

public sealed class CsvReadingTests
{
    private static readonly Encoding Latin = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private static List<SheetRow> Rows(string text) => Workbooks.Rows(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static SpreadsheetException Refusal(string text) => Workbooks.Refusal(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("utf-8", true, "UTF-8")]
    [InlineData("utf-8", false, "UTF-8")]
    [InlineData("utf-16", true, "UTF-16")]
    [InlineData("utf-16", false, "UTF-16")]
    [InlineData("utf-16BE", true, "UTF-16 BE")]
    [InlineData("utf-16BE", false, "UTF-16 BE")]
    [InlineData("utf-32", true, "UTF-32")]
    [InlineData("windows-1252", false, "Windows-1252")]
    public void The_encoding_is_found_by_looking(string name, bool withMark, string expected)
    {
        var encoding = name == "windows-1252" ? Latin : Encoding.GetEncoding(name);
        byte[] file =
        [
            .. withMark ? encoding.GetPreamble() : [],
            .. encoding.GetBytes("Email;First name\r\nann@example.com;Zoë – “Ünï” €\r\n"),
        ];
        using var sheet = Workbooks.Open(file);
        Assert.Equal((expected, ';', SpreadsheetKind.Csv), (sheet.Encoding, sheet.Delimiter, sheet.Kind));
        Assert.Equal([new HeaderCell(1, "Email"), new HeaderCell(2, "First name")], sheet.Headers);
        Assert.Equal("Zoë – “Ünï” €", Assert.Single(sheet.Rows(CancellationToken.None))[2].Text);
    }

    [Fact]
    public void One_late_byte_that_is_not_utf8_makes_the_whole_file_windows_1252()
    {
        var text = "Email,Name\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"p{i}@example.com,Ann\n"));
        using var sheet = Workbooks.Open([.. Encoding.ASCII.GetBytes(text), .. Latin.GetBytes("z@example.com,Zoë\n")]);
        Assert.Equal("Windows-1252", sheet.Encoding);
        Assert.Equal("Zoë", sheet.Rows(CancellationToken.None).Last()[2].Text);
    }

    [Fact]
    public void A_character_of_utf8_may_lie_across_the_blocks_that_are_read()
    {
        for (var shift = 0; shift < 4; shift++)
        {
            var text = "Email,Name\n" + new string('a', 65_520 - shift).Insert(32_000, "\n").Insert(64_000, "\n") + "😀é\n";
            using var sheet = Workbooks.Open(Encoding.UTF8.GetBytes(text));
            Assert.Equal("UTF-8", sheet.Encoding);
            Assert.EndsWith("a😀é", sheet.Rows(CancellationToken.None).Last()[1].Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Email,Name\nann@example.com,\"Lee; Ann; O\"", ',')]
    [InlineData("Email;Name\nann@example.com;Lee, Ann, O\nbob@example.com;Ray, Bob, P", ';')]
    [InlineData("Email\tName\nann@example.com\tLee, Ann", '\t')]
    [InlineData("Email|Name\nann@example.com|Lee, Ann", '|')]
    [InlineData("Email\nann@example.com", ',')]
    [InlineData("Email\nann;lee@example.com", ',')]
    [InlineData("sep=;\r\nEmail;Name, all\r\nann@example.com;Ann", ';')]
    [InlineData("\"sep=^\"\r\nEmail^Name, all\r\nann@example.com^Ann", '^')]
    [InlineData("Our list, made; by hand; for you; today\n\nFirst name;Email\nAnn;ann@example.com", ';')]
    public void The_delimiter_is_found_by_looking(string text, char delimiter)
    {
        using var sheet = Workbooks.Open(Encoding.UTF8.GetBytes(text));
        Assert.Equal(delimiter, sheet.Delimiter);
        Assert.NotEmpty(sheet.Rows(CancellationToken.None));
    }

    [Fact]
    public void Rows_have_the_numbers_that_a_spreadsheet_would_show()
    {
        var rows = Rows("\n\nEmail,Note\n\na@example.com,\"two\r\nlines\"\r\n,\r\n\" \",\t\nb@example.com\rc@example.com,x,,\n\u001A");
        Assert.Equal([(5, "a@example.com"), (8, "b@example.com"), (9, "c@example.com")], rows.Select(row => (row.Number, row[1].Text)));
        Assert.Equal("two\r\nlines", rows[0][2].Text);
        using var hinted = Workbooks.Open("sep=;\r\nEmail;Name\r\na@example.com;A\r\n"u8.ToArray());
        Assert.Equal(1, hinted.HeaderRow);
        Assert.Equal(2, Assert.Single(hinted.Rows(CancellationToken.None)).Number);
    }

    [Theory]
    [InlineData("\"O\"\"Neill, Ann\"", "O\"Neill, Ann")]
    [InlineData("O\"Neill", "O\"Neill")]
    [InlineData("  Ann Lee  ", "Ann Lee")]
    [InlineData("\"  Ann Lee  \"", "  Ann Lee  ")]
    [InlineData("  \"Lee, Ann\"  ", "Lee, Ann")]
    [InlineData("\"'=1+1\"", "=1+1")]
    [InlineData("'=1+1", "=1+1")]
    [InlineData("=1+1", "=1+1")]
    [InlineData("''tis", "'tis")]
    [InlineData("'tis", "'tis")]
    [InlineData("'", "'")]
    [InlineData("'＝1", "＝1")]
    [InlineData("+44 20 7946 0000", "+44 20 7946 0000")]
    [InlineData("'+44 20 7946 0000", "+44 20 7946 0000")]
    [InlineData("\"=\"\"00123\"\"\"", "00123")]
    [InlineData("=\"00123\"", "00123")]
    [InlineData("\"'=\"\"00123\"\"\"", "=\"00123\"")]
    [InlineData("00123", "00123")]
    [InlineData("# not a comment", "# not a comment")]
    [InlineData("\"\"", "")]
    public void A_field_is_the_text_that_was_meant(string field, string text) =>
        Assert.Equal(text, Assert.Single(Rows($"Email,Note\nann@example.com,{field}\n"))[2].Text);

    [Fact]
    public void A_nul_here_and_there_is_left_out() =>
        Assert.Equal("Ann", Assert.Single(Rows("Email,Name\nann@example.com,A\0nn\n"))[2].Text);

    [Theory]
    [InlineData("Email,Name\na@example.com,A\nb@example.com,\"B\nc@example.com,C\nd@example.com,D\n", "B3 in line 3")]
    [InlineData("Email,Name\na@example.com,\"A\nA\"\nb@example.com,\"B\nc@example.com,C\n", "B3 in line 4")]
    [InlineData("Email,Name\na@example.com,\"A\nb@example.com,\"Lee, Ann\"\nc@example.com,C\n", "B2 in line 2")]
    [InlineData("Email,Name\na@example.com,x\"y,\"A\nb@example.com,B\n", "C2 in line 2")]
    [InlineData("Email,Name\na@example.com,\"", "B2 in line 2")]
    [InlineData("\"Email,Name\na@example.com,A\n", "A1 in line 1")]
    public void A_quotation_mark_that_is_never_closed_is_an_error_at_the_line_where_it_opened(string text, string where)
    {
        var refusal = Refusal(text);
        Assert.Equal("unclosed-quote", refusal.Code);
        Assert.Contains(where, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_right_after_a_closing_quote_on_the_same_line_is_forgiven() =>
        Assert.Contains("Lee", Assert.Single(Rows("Email,Name\nann@example.com,\"Ann\" Lee\n"))[2].Text, StringComparison.Ordinal);

    [Fact]
    public void Without_a_header_the_refusal_says_what_the_first_row_needs()
    {
        var refusal = Refusal("First name,Last name\nAnn,Lee\n");
        Assert.Equal("no-header", refusal.Code);
        Assert.Contains("one of them “Email”", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_after_the_20th_row_is_not_found()
    {
        Assert.Equal("no-header", Refusal(new string('\n', 20) + "Email\na@example.com\n").Code);
        Assert.Equal(21, Assert.Single(Rows(new string('\n', 19) + "Email\na@example.com\n")).Number);
    }

    [Fact]
    public void More_cells_than_headings_are_kept_up_to_the_limit()
    {
        Assert.Equal("x", Assert.Single(Rows("Email\na@example.com" + new string(',', 255) + "x\n"))[256].Text);
        Assert.Single(Rows("Email\na@example.com" + new string(',', 400) + "\n"));
        var refusal = Refusal("Email\na@example.com" + new string(',', 256) + "x\n");
        Assert.Equal("too-many-columns", refusal.Code);
        Assert.Contains("IW2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_twice_gives_the_same()
    {
        using var sheet = Workbooks.Open("Email\na@example.com\nb@example.com\n"u8.ToArray());
        Assert.Equal(
            sheet.Rows(CancellationToken.None).Select(row => row[1].Text),
            sheet.Rows(CancellationToken.None).Select(row => row[1].Text).ToList()
        );
        Assert.Equal(2, sheet.Rows(CancellationToken.None).Count());
    }
}
