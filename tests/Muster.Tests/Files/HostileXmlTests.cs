using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;
using static Muster.Tests.HostileFiles;

namespace Muster.Tests;

/// <summary>Good archives whose XML parts would keep a parser busy, fill its memory, or make it fetch something.</summary>
public sealed class HostileXmlTests
{
    [Theory]
    [InlineData(SheetPart)]
    [InlineData("xl/workbook.xml")]
    [InlineData("xl/sharedStrings.xml")]
    [InlineData("xl/styles.xml")]
    [InlineData("xl/_rels/workbook.xml.rels")]
    [InlineData("[Content_Types].xml")]
    public void Two_million_nested_elements_in_any_part(string part) =>
        Refused("too-complex", Workbooks.With(part, Workbooks.Repeat($"<a xmlns=\"{Workbooks.Main}\">", "<b>", 2_000_000, "")));

    [Theory]
    [InlineData("<row r=\"2\"><c r=\"A2\">")]
    [InlineData("<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is>")]
    [InlineData("<row r=\"2\"><c r=\"A2\"><v>")]
    [InlineData("<row r=\"2\"><c r=\"A2\"><f>")]
    public void Two_million_nested_elements_in_a_cell(string head) =>
        Refused("too-complex", Workbooks.With(SheetPart, SheetOf("<b>", 2_000_000, head)));

    [Theory]
    [InlineData("x", 10, "cell-too-long")]
    [InlineData(">", 10, "cell-too-long")]
    [InlineData("x", 400_000, "too-complex")]
    public void Hundreds_of_thousands_of_attributes_of_one_element(string value, int names, string code) =>
        Refused(
            code,
            Workbooks.With(
                SheetPart,
                stream =>
                {
                    stream.Write(Encoding.UTF8.GetBytes($"<worksheet xmlns=\"{Workbooks.Main}\"><sheetData><row "));
                    for (var i = 0; i < 400_000; i++)
                    {
                        stream.Write(Encoding.UTF8.GetBytes($"a{i % names}=\"{value}\" "));
                    }
                    stream.Write("/></sheetData></worksheet>"u8);
                }
            )
        );

    [Fact]
    public void Hundreds_of_thousands_of_different_names() =>
        Refused(
            "too-complex",
            Workbooks.With(
                SheetPart,
                stream =>
                {
                    stream.Write(Encoding.UTF8.GetBytes($"<worksheet xmlns=\"{Workbooks.Main}\"><sheetData>"));
                    for (var i = 0; i < 400_000; i++)
                    {
                        stream.Write(Encoding.UTF8.GetBytes($"<n{i}/>"));
                    }
                    stream.Write("</sheetData></worksheet>"u8);
                }
            )
        );

    [Theory]
    [InlineData(SheetPart)]
    [InlineData("xl/workbook.xml")]
    [InlineData("xl/sharedStrings.xml")]
    [InlineData("xl/styles.xml")]
    [InlineData("xl/_rels/workbook.xml.rels")]
    [InlineData("_rels/.rels")]
    [InlineData("[Content_Types].xml")]
    public void Entities_of_every_sort_in_any_part(string part)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        string[] declarations =
        [
            "<!DOCTYPE a>",
            """<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;"><!ENTITY n "&m;&m;&m;&m;&m;&m;&m;&m;">]>""",
            """<!DOCTYPE a [<!ENTITY l SYSTEM "file:///etc/passwd">]>""",
            $"""<!DOCTYPE a SYSTEM "http://127.0.0.1:{port}/a.dtd">""",
            $"""<!DOCTYPE a [<!ENTITY % l SYSTEM "http://127.0.0.1:{port}/a.dtd"> %l;]>""",
        ];
        foreach (var declaration in declarations)
        {
            Refused(
                "xml-entities",
                Workbooks.With(
                    part,
                    stream => stream.Write(Encoding.UTF8.GetBytes($"{declaration}<a xmlns=\"{Workbooks.Main}\">&l;&n;</a>"))
                )
            );
        }
        Assert.False(listener.Pending());
    }

    [Fact]
    public void A_hundred_sheets_too_many()
    {
        var parts = Workbooks.Parts(Workbooks.Sheet(Workbooks.HeaderRow));
        parts["xl/workbook.xml"] =
            $"""<workbook xmlns="{Workbooks.Main}" xmlns:r="{Workbooks.Relations}"><sheets>{string.Concat(Enumerable.Repeat("<sheet name=\"a\" r:id=\"rId1\"/>", 400))}</sheets></workbook>""";
        Refused("too-complex", Workbooks.Zip(parts));
    }
}
