using System.Globalization;
using Muster.Files;
using Xunit;
using static Muster.Tests.TableWriting;

namespace Muster.Tests;

/// <summary>What holds for text and workbooks alike: what is written comes back, and rows cost no memory.</summary>
public sealed class BothTableWritersTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Memory_does_not_grow_with_the_rows(bool xlsx)
    {
        var body = new Body();
        await using ITableWriter writer = xlsx ? new XlsxTableWriter(body) : new CsvTableWriter(body);
        await writer.WriteHeader(Columns, CancellationToken.None);
        var row = Row("ann@example.com", "Ann");
        for (var i = 0; i < 100_000; i++)
        {
            row[5] = TableCell.Of(i * 7919L % 1_000_003);
            await writer.WriteRow(row, CancellationToken.None);
            if (i % 1000 == 0)
            {
                body.Written.SetLength(0);
            }
        }
        await writer.Complete(CancellationToken.None);
        Assert.InRange(body.LargestPiece, 1, 256 * 1024);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_is_written_comes_back(int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, 1500).Select(_ => new[] { "k@example.com", Text(random), Text(random) }).ToList();
        foreach (
            var create in new Func<Stream, ITableWriter>[]
            {
                stream => new CsvTableWriter(stream),
                stream => new CsvTableWriter(stream, ';'),
                stream => new XlsxTableWriter(stream),
            }
        )
        {
            var body = await Write(create, rows.Select(row => row.Select(text => TableCell.Of(text)).ToArray()));
            var read = Workbooks.Rows(body.Written);
            Assert.Equal(rows.Count, read.Count);
            foreach (var (expected, actual) in rows.Zip(read))
            {
                Assert.Equal(expected, new[] { actual[1].Text, actual[2].Text, actual[3].Text });
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Typed_cells_come_back_as_what_they_were(int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable
            .Range(0, 2000)
            .Select(_ =>
                (
                    Date: new DateOnly(1900, 3, 1).AddDays(random.Next(100_000)),
                    Moment: new DateTime(1901, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(random.NextInt64(6_000_000_000)),
                    Number: decimal.Round((decimal)(random.NextDouble() * 1e9 - 5e8), random.Next(5))
                )
            )
            .ToList();
        foreach (
            var create in new Func<Stream, ITableWriter>[] { stream => new CsvTableWriter(stream), stream => new XlsxTableWriter(stream) }
        )
        {
            var body = await Write(
                create,
                rows.Select(row =>
                    new[]
                    {
                        TableCell.Of("k"),
                        default,
                        default,
                        TableCell.Of(row.Date),
                        TableCell.OfUtc(row.Moment),
                        TableCell.Of(row.Number),
                    }
                )
            );
            foreach (var (expected, actual) in rows.Zip(Workbooks.Rows(body.Written)))
            {
                Assert.True(CellValues.TryDate(actual[4], out var date, out var problem), problem);
                Assert.Equal(expected.Date, date);
                Assert.Equal(
                    expected.Moment,
                    DateTime.Parse(
                        actual[5].Text,
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
                    )
                );
                Assert.True(CellValues.TryNumber(actual[6], out var number, out problem), problem);
                Assert.Equal(expected.Number, number);
            }
        }
    }

    /// <summary>Text with everything in it that formats stumble over.</summary>
    private static string Text(Random random)
    {
        string[] pieces =
        [
            "=1+1",
            "Ünïcode",
            "O\"Neill, Ann",
            "'",
            "''",
            "+",
            "-",
            "@",
            "\t",
            "\r\n",
            "\n",
            "\r",
            " ",
            "  ",
            ";",
            ",",
            "|",
            "\"",
            "\"\"",
            "＝",
            "＠x",
            "_x0041_",
            "_x005F_",
            "_x",
            "&amp;",
            "<a>",
            "]]>",
            "😀",
            "é",
            "e\u0301",
            "\u0001",
            "\u001F",
            "\uFEFF",
            "\u200B",
            "\u00A0",
            "sep=;",
            "#N/A",
            "TRUE",
            "00123",
            "1E5",
            "Ann",
            "課長",
            "=\"1\"",
            "\uFFFE",
            "a b",
        ];
        // An edge of only blank text is no cell content, so every text begins with something to see.
        return
            string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => pieces[random.Next(pieces.Length)])) is var text
            && new SheetCell(text, CellKind.Text).IsBlank
            ? text + "x"
            : text;
    }
}
