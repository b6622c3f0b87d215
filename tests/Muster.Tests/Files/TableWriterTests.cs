using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Muster.Files;
using Xunit;

namespace Muster.Tests;

public sealed class TableWriterTests
{
    private static readonly TableColumn[] Columns =
    [
        new("Email"),
        new("=First name"),
        new("Note, with comma"),
        new("Expiry date", TableCellKind.Date),
        new("Last active", TableCellKind.Timestamp),
        new("Number", TableCellKind.Number),
        new("Manager", TableCellKind.YesNo),
    ];

    /// <summary>A response body: forward only, asynchronous only.</summary>
    private sealed class Body : Stream
    {
        public MemoryStream Written { get; } = new();
        public int LargestPiece { get; private set; }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            LargestPiece = Math.Max(LargestPiece, buffer.Length);
            Written.Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("synchronous");

        public override void Flush() => throw new InvalidOperationException("synchronous");

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    private static async Task<Body> Write(Func<Stream, ITableWriter> create, IEnumerable<TableCell[]> rows)
    {
        var body = new Body();
        await using var writer = create(body);
        await writer.WriteHeader(Columns, CancellationToken.None);
        foreach (var row in rows)
        {
            await writer.WriteRow(row, CancellationToken.None);
        }
        await writer.Complete(CancellationToken.None);
        body.Written.Position = 0;
        return body;
    }

    private static TableCell[] Row(string email, string name, string note = "") =>
        [
            TableCell.Of(email),
            TableCell.Of(name),
            TableCell.Of(note),
            TableCell.Of(new DateOnly(2026, 11, 23)),
            TableCell.Of(new DateTimeOffset(2026, 11, 23, 10, 30, 15, TimeSpan.FromHours(1))),
            TableCell.Of(-12.50m),
            TableCell.Of(true),
        ];

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

    [Fact]
    public async Task A_workbook_is_valid_and_its_texts_are_text()
    {
        var body = await Write(
            stream => new XlsxTableWriter(stream, "Users: all/some [1]"),
            [Row("ann@example.com", "=1+1", "O\"Neill, Ann"), Row("=cmd|' /C calc'!A0", "+1", "_x0041_\u0001\uFFFE&<>\t\r\n")]
        );
        using (var document = SpreadsheetDocument.Open(body.Written, isEditable: false))
        {
            Assert.Empty(new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(document).Select(error => error.Description));
            var sheet = document.WorkbookPart!.WorksheetParts.Single();
            Assert.DoesNotContain(sheet.Worksheet.Descendants(), element => element.LocalName == "f");
            Assert.Contains("state=\"frozen\"", sheet.Worksheet.OuterXml, StringComparison.Ordinal);
        }
        using var read = Spreadsheet.Open(body.Written, Workbooks.Options, CancellationToken.None);
        Assert.Equal("Users  all some  1", read.SheetName);
        var rows = read.Rows(CancellationToken.None).ToList();
        Assert.Equal(["ann@example.com", "=1+1", "O\"Neill, Ann", "2026-11-23", "2026-11-23T09:30:15", "-12.5", "TRUE"], Texts(rows[0]));
        Assert.Equal("=cmd|' /C calc'!A0", rows[1][1].Text);
        Assert.Equal("_x0041_\u0001\uFFFE&<>\t\r\n", rows[1][3].Text);
        Assert.Equal(
            [CellKind.Text, CellKind.Text, CellKind.Text, CellKind.Date, CellKind.Date, CellKind.Number, CellKind.Boolean],
            Enumerable.Range(1, 7).Select(i => rows[0][i].Kind)
        );
    }

    [Fact]
    public async Task Rows_go_on_in_a_further_sheet_when_one_is_full()
    {
        var body = await Write(
            stream => new XlsxTableWriter(stream, "Users", maxRows: 10),
            Enumerable.Range(0, 25).Select(i => Row($"p{i}@example.com", "Ann"))
        );
        using var document = SpreadsheetDocument.Open(body.Written, isEditable: false);
        Assert.Empty(new OpenXmlValidator().Validate(document));
        Assert.Equal(
            ["Users", "Users 2", "Users 3"],
            document.WorkbookPart!.Workbook.Sheets!.Elements<DocumentFormat.OpenXml.Spreadsheet.Sheet>().Select(sheet => sheet.Name!.Value)
        );
        Assert.Equal(
            [11, 11, 6],
            document
                .WorkbookPart.Workbook.Sheets.Elements<DocumentFormat.OpenXml.Spreadsheet.Sheet>()
                .Select(sheet =>
                    ((WorksheetPart)document.WorkbookPart.GetPartById(sheet.Id!))
                        .Worksheet.Descendants<DocumentFormat.OpenXml.Spreadsheet.Row>()
                        .Count()
                )
        );
    }

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

    [Fact]
    public async Task A_workbook_that_failed_half_way_does_not_look_whole()
    {
        var body = new Body();
        await using (var writer = new XlsxTableWriter(body))
        {
            await writer.WriteHeader(Columns, CancellationToken.None);
            for (var i = 0; i < 50_000; i++)
            {
                await writer.WriteRow(Row($"p{i * 7919 % 100_003}@example.com", "Ann"), CancellationToken.None);
            }
        }
        Assert.True(body.Written.Length > 0);
        Assert.Equal("truncated", Workbooks.Refusal(body.Written).Code);
    }

    [Fact]
    public async Task What_a_cell_cannot_hold_is_written_as_text_or_cut_short_but_never_breaks_the_workbook()
    {
        var body = await Write(
            stream => new XlsxTableWriter(stream),
            [
                [
                    TableCell.Of(new string('é', 40_000)),
                    TableCell.Of(12345678901234567890m),
                    TableCell.Of(0.12345678901234567890m),
                    TableCell.Of(new DateOnly(1899, 12, 31)),
                    TableCell.Of(new DateTimeOffset(1900, 2, 28, 1, 2, 3, TimeSpan.Zero)),
                    TableCell.Of(decimal.MaxValue),
                    TableCell.Of("\uD800x"),
                ],
            ]
        );
        using (var document = SpreadsheetDocument.Open(body.Written, isEditable: false))
        {
            Assert.Empty(new OpenXmlValidator().Validate(document).Select(error => error.Description));
        }
        var row = Assert.Single(Workbooks.Rows(body.Written));
        Assert.Equal(new string('é', 32_766) + "…", row[1].Text);
        Assert.Equal(
            [
                "12345678901234567890",
                "0.1234567890123456789",
                "1899-12-31",
                "1900-02-28T01:02:03Z",
                "79228162514264337593543950335",
                "\uFFFDx",
            ],
            Texts(row)[1..].Select(text => text == "0.12345678901234567890" ? "0.1234567890123456789" : text)
        );
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

    private static string[] Texts(SheetRow row) => [.. Enumerable.Range(1, row.LastColumn).Select(i => row[i].Text)];

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
