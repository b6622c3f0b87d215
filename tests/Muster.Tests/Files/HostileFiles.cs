using System.Text;
using Xunit;

namespace Muster.Tests;

/// <summary>Files that kill or mislead readers, made here in code. Each must be refused with its own reason, in little memory and time.</summary>
internal static class HostileFiles
{
    public const string SheetPart = "xl/worksheets/sheet1.xml";
    private const long Allowed = 256L * 1024 * 1024;

    /// <summary>Reads a file to its refusal and checks what it cost: everything that was allocated, kept or not.</summary>
    public static void Refused(string code, Stream file, string? part = null)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = Workbooks.Refusal(file);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(code, refusal.Code);
        if (part is not null)
        {
            Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        }
        Assert.InRange(allocated, 0, Allowed);
    }

    public static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    public static Action<Stream> SheetOf(string repeated, long times, string head = "", string tail = "") =>
        Workbooks.Repeat(
            $"<worksheet xmlns=\"{Workbooks.Main}\"><sheetData>{Workbooks.HeaderRow}{head}",
            repeated,
            times,
            tail + "</sheetData></worksheet>"
        );
}
