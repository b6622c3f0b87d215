using System.Text;
using Muster.Files;
using Xunit;
using static Muster.Tests.HostileFiles;

namespace Muster.Tests;

/// <summary>Files that are no archive: text that never ends, and what is only taken for text.</summary>
public sealed class HostileCsvTests
{
    [Theory]
    [InlineData("%PDF-1.7\n", "PDF")]
    [InlineData("\u0089PNG\r\n\u001A\n", "picture")]
    [InlineData("ÿØÿà\0\u0010JFIF", "picture")]
    [InlineData("GIF89a", "picture")]
    [InlineData("\u001F\u008B\b\0", "compressed")]
    [InlineData("7z¼¯'\u001C", "compressed")]
    [InlineData("{\\rtf1", "text document")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    [InlineData(" \n<HTML><body><table><tr><td>Email", "web page")]
    [InlineData("<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>", "XML file of an old Excel")]
    [InlineData("<?xml version=\"1.0\"?><a/>", "XML file")]
    [InlineData("ÿþ<\0?\0x\0m\0l\0", "XML file")]
    [InlineData("\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007", "no text")]
    public void Files_of_another_kind(string content, string what) =>
        Refused("not-a-spreadsheet", new MemoryStream(Encoding.Latin1.GetBytes(content)), what);

    [Fact]
    public void An_excel_4_file() => Refused("old-excel", new MemoryStream([9, 4, 6, 0, 0, 0, 16, 0]));

    [Fact]
    public void An_empty_file() => Refused("empty-file", new MemoryStream());

    [Fact]
    public void A_csv_named_xlsx_and_a_workbook_named_csv_are_what_they_contain()
    {
        using var csv = Workbooks.Open(Text("Email\r\nann@example.com\r\n"));
        Assert.Equal(SpreadsheetKind.Csv, csv.Kind);
        using var workbook = Workbooks.Open(Workbooks.WithRows("<row r=\"2\"><c r=\"A2\"><v>1</v></c></row>"));
        Assert.Equal(SpreadsheetKind.Xlsx, workbook.Kind);
    }

    [Theory]
    [InlineData(50, "unclosed-quote", "B2 in line 2", "Email,Name\r\nann@example.com,\"", "a", "")]
    [InlineData(50, "cell-too-long", "B2", "Email,Name\r\nann@example.com,\"", "a", "\"\r\n")]
    [InlineData(8, "cell-too-long", "B2", "Email,Name\r\nann@example.com,", "a", "\r\n")]
    [InlineData(8, "unclosed-quote", "B2 in line 2", "Email,Name\r\nann@example.com,\"", "\r\n", "")]
    [InlineData(8, "unclosed-quote", "B2 in line 2", "Email,Name\r\nann@example.com,\"", "\"\"", "")]
    [InlineData(20, "too-many-columns", "IW2", "Email,Name\r\nann@example.com", ",", "\r\n")]
    [InlineData(8, "too-many-rows", "1,000,000", "Email\r\n", "\n", "")]
    [InlineData(8, "not-a-spreadsheet", "no text", "", "\0", "")]
    [InlineData(8, "cell-too-long", "A1", "Email", "x", "")]
    [InlineData(8, "no-header", "first 20 rows", "", "\n", "Email\n")]
    public void Mebibytes_of_the_same_in_a_csv(int mebibytes, string code, string part, string head, string repeated, string tail) =>
        Refused(code, Long(mebibytes, head, repeated, tail), part);

    private static MemoryStream Long(int mebibytes, string head, string repeated, string tail)
    {
        var file = new MemoryStream(mebibytes * 1024 * 1024);
        var length = mebibytes * 1024 * 1024 - head.Length - tail.Length;
        Workbooks.Repeat(head, repeated, length / repeated.Length, tail)(file);
        return file;
    }
}
