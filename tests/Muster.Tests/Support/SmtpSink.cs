using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MimeKit;

namespace Muster.Tests;

/// <summary>A message the sink answered with 250, or kept and then dropped the connection for.</summary>
public sealed record SinkMessage(string From, IReadOnlyList<string> To, string? SignedInAs, MimeMessage Message)
{
    /// <summary>The one address it was handed in for.</summary>
    public string Recipient => To.Single();

    /// <summary>Without the angle brackets.</summary>
    public string MessageId => Message.MessageId ?? "";

    /// <summary>Decoded.</summary>
    public string Subject => Message.Subject ?? "";

    /// <summary>The plain part, or nothing where there is none.</summary>
    public string Text => Message.TextBody ?? "";

    /// <summary>The HTML part, or nothing where there is none.</summary>
    public string Html => Message.HtmlBody ?? "";
}

/// <summary>A real SMTP server (Debian's aiosmtpd, in a process of its own) that keeps what it is handed and misbehaves when told to.</summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly Process server;
    private readonly string folder;
    private readonly List<SinkMessage> read = [];
    private readonly SemaphoreSlim gate = new(1, 1);
    private long readTo;

    private SmtpSink(Process server, string folder, int port)
    {
        this.server = server;
        this.folder = folder;
        Port = port;
    }

    /// <summary>On 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The value for <c>Muster__Smtp</c>.</summary>
    public string Url => $"smtp://127.0.0.1:{Port}";

    /// <summary>Starts a server; it takes any user and password, and none.</summary>
    public static async Task<SmtpSink> Start(CancellationToken ct = default)
    {
        var storage = Reaper.NewFolder("smtp");
        var script = Checkout.PathTo("tests", "Muster.Tests", "Support", "smtp_sink.py");
        var process =
            Process.Start(
                new ProcessStartInfo("/usr/bin/python3", [script, FileIn(storage)])
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                }
            ) ?? throw new InvalidOperationException("python3 did not start");
        Reaper.Watch(process.Id);
        var port =
            await process.StandardOutput.ReadLineAsync(ct)
            ?? throw new InvalidOperationException("The SMTP sink did not start: ./test.sh installs it (Debian package python3-aiosmtpd).");
        return new(process, storage, int.Parse(port, CultureInfo.InvariantCulture));
    }

    /// <summary>Answers these recipients with the given SMTP reply, such as "550 5.1.1 No such user".</summary>
    public Task Refuse(IReadOnlyDictionary<string, string> replies) =>
        Order(new { refuse = replies.ToDictionary(reply => reply.Key.ToLowerInvariant(), reply => reply.Value) });

    /// <summary>Takes this long over every message.</summary>
    public Task TakeTime(TimeSpan delay) => Order(new { delay = delay.TotalSeconds });

    /// <summary>Cuts the connection where a message ends without having kept it: the client must send it again.</summary>
    public Task DropBeforeKeeping(int messages = 1) => Order(new { drop = "before", drop_next = messages });

    /// <summary>Keeps the message and cuts the connection before saying so: the client cannot know, and a second copy is no fault of its own.</summary>
    public Task DropAfterKeeping(int messages = 1) => Order(new { drop = "after", drop_next = messages });

    /// <summary>From here on everything is accepted at once.</summary>
    public Task Behave() =>
        Order(
            new
            {
                refuse = new Dictionary<string, string>(),
                delay = 0,
                drop = "",
            }
        );

    /// <summary>Every message kept so far, in order.</summary>
    public async Task<IReadOnlyList<SinkMessage>> Messages(CancellationToken ct = default)
    {
        await gate.WaitAsync(ct);
        try
        {
            await using var file = new FileStream(FileIn(folder), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
            file.Seek(readTo, SeekOrigin.Begin);
            using var buffer = new MemoryStream();
            await file.CopyToAsync(buffer, ct);
            var complete = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
            complete = complete[..(complete.Span.LastIndexOf((byte)'\n') + 1)];
            readTo += complete.Length;
            foreach (var range in Lines(complete))
            {
                read.Add(Read(range));
            }

            return [.. read];
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Waits until at least so many messages were kept, and answers with all of them.</summary>
    public async Task<IReadOnlyList<SinkMessage>> WaitFor(int count, TimeSpan patience, CancellationToken ct = default)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var messages = await Messages(ct);
            if (messages.Count >= count)
            {
                return messages;
            }

            if (clock.Elapsed > patience)
            {
                throw new TimeoutException($"{messages.Count} of {count} messages after {patience.TotalSeconds:0} s");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        server.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await server.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Command.Kill(server);
        }

        Reaper.Forget(server.Id);
        server.Dispose();
        gate.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string FileIn(string folder) => Path.Combine(folder, "messages.jsonl");

    private async Task Order(object order)
    {
        await gate.WaitAsync();
        try
        {
            await server.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
            await server.StandardInput.FlushAsync();
            if (await server.StandardOutput.ReadLineAsync() != "ok")
            {
                throw new InvalidOperationException("The SMTP sink did not take the order");
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.Span.IndexOf((byte)'\n');
            yield return text[..end];
            text = text[(end + 1)..];
        }
    }

    private static SinkMessage Read(ReadOnlyMemory<byte> line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        using var content = new MemoryStream(root.GetProperty("content").GetBytesFromBase64());
        return new(
            root.GetProperty("from").GetString()!,
            [.. root.GetProperty("to").EnumerateArray().Select(address => address.GetString()!)],
            root.GetProperty("user").GetString(),
            MimeMessage.Load(content)
        );
    }
}
