using System.Diagnostics;

namespace Muster.Tests;

/// <summary>
/// Ends the processes and removes the folders of a test run, even one that was itself killed: a small shell holds the other end of a pipe and
/// goes to work when the pipe closes, which the kernel sees to whatever way the test process ends.
/// </summary>
public static class Reaper
{
    // A process is named by its id and its start time, so that a reused id never hits a stranger.
    private const string Script = """
        trap '' INT TERM HUP
        started() { cut -d ' ' -f 22 "/proc/$1/stat" 2>/dev/null; }
        signal() { while read -r pid at; do [ "$(started "$pid")" = "$at" ] && kill "-$1" "$pid" 2>/dev/null; done < "$list"; }
        alive() { while read -r pid at; do [ "$(started "$pid")" = "$at" ] && return 0; done < "$list"; return 1; }
        list=$(mktemp) folders=$(mktemp)
        while read -r verb what at; do
          case $verb in
            watch) echo "$what $at" >> "$list" ;;
            forget) sed -i "/^$what /d" "$list" ;;
            folder) echo "$what" >> "$folders" ;;
          esac
        done
        signal INT
        for _ in 1 2 3 4 5 6 7 8 9 10; do alive || break; signal CONT; sleep 0.2; done
        signal KILL
        while read -r folder; do rm -rf -- "$folder"; done < "$folders"
        rm -f "$list" "$folders"
        """;

    private static readonly Lock Gate = new();
    private static Process? shell;

    /// <summary>The process is ended when this test run ends, if it still runs then.</summary>
    public static void Watch(int processId)
    {
        if (StartTime(processId) is { } at)
        {
            Tell($"watch {processId} {at}");
        }
    }

    /// <summary>The process was ended by the test.</summary>
    public static void Forget(int processId) => Tell($"forget {processId}");

    /// <summary>A new folder that is gone when the test run is; on a memory file system where there is a roomy one and that is asked for.</summary>
    public static string NewFolder(string purpose, bool inMemory = false)
    {
        var folder = Path.Combine(
            inMemory ? MemoryFolder() : Path.GetTempPath(),
            $"muster-{purpose}-{Environment.ProcessId}-{Guid.CreateVersion7():N}"
        );
        Directory.CreateDirectory(folder);
        Tell($"folder {folder}");
        return folder;
    }

    private static string MemoryFolder()
    {
        const string shared = "/dev/shm";
        const long roomy = 2L << 30;
        return Directory.Exists(shared) && new DriveInfo(shared).AvailableFreeSpace > roomy ? shared : Path.GetTempPath();
    }

    private static string? StartTime(int processId)
    {
        try
        {
            // The name, second field, may hold spaces; a watched program's does not.
            return File.ReadAllText($"/proc/{processId}/stat").Split(' ')[21];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Tell(string line)
    {
        lock (Gate)
        {
            shell ??= Start();
            shell.StandardInput.WriteLine(line);
            shell.StandardInput.Flush();
        }
    }

    private static Process Start() =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script]) { UseShellExecute = false, RedirectStandardInput = true })
        ?? throw new InvalidOperationException("/bin/sh did not start");
}
