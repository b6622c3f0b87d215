using System.Text;
using Muster.Files;
using Xunit;
using static Muster.Tests.TableWriting;

namespace Muster.Tests;

/// <summary>Text as spreadsheets open it best.</summary>
public sealed class CsvTableWriterTests
{
    [Fact]
    public async Task Csv_is_what_spreadsheets_open_best()
    {
        var body = await Write(
            stream => new CsvTableWriter(stream),
            [
                Row("ann@example.com", "=1+1", "O\"Neill, Ann"),
                Row("bob@example.com", " Ünïcode", "two\r\nlines"),
                Row("a\0b", "'quoted", "a;b"),
                [
                    TableCell.Empty,
                    TableCell.Of(""),
                    TableCell.Of((string?)null),
                    TableCell.Of((DateOnly?)null),
                    default,
                    TableCell.Of((long?)null),
                    TableCell.Of(false),
                ],
            ]
        );
        Assert.Equal(
            "\uFEFFEmail,\"'=First name\",\"Note, with comma\",Expiry date,Last active,Number,Manager\r\n"
                + "ann@example.com,\"'=1+1\",\"O\"\"Neill, Ann\",2026-11-23,2026-11-23T09:30:15Z,-12.50,yes\r\n"
                + "bob@example.com,\" Ünïcode\",\"two\r\nlines\",2026-11-23,2026-11-23T09:30:15Z,-12.50,yes\r\n"
                + "ab,\"''quoted\",\"a;b\",2026-11-23,2026-11-23T09:30:15Z,-12.50,yes\r\n"
                + ",,,,,,no\r\n",
            Encoding.UTF8.GetString(body.Written.ToArray())
        );
    }
}
