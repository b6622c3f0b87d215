using Muster.Tests;

namespace Muster.Faults;

/// <summary>A folder on a file system of its own, in memory, so that it can be full; an ordinary folder where none may be mounted.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder, bool isMounted) => (Folder, IsMounted) = (folder, isMounted);

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>Whether it can be full.</summary>
    public bool IsMounted { get; }

    /// <summary>Makes it.</summary>
    /// <param name="name">What it is for.</param>
    /// <param name="mebibytes">Its size; 0 for an ordinary folder.</param>
    public static async Task<SmallDisk> Make(string name, int mebibytes)
    {
        var folder = Reaper.NewFolder(name);
        var isMounted =
            mebibytes > 0
            && Environment.UserName == "root"
            && (await Command.Run("mount", ["-t", "tmpfs", "-o", $"size={mebibytes}m", "muster-faults", folder])).ExitCode == 0;
        return new(folder, isMounted);
    }

    /// <summary>Fills it to the last byte for two to eight seconds.</summary>
    public async Task BeFull(Random random)
    {
        var ballast = Path.Combine(Folder, "ballast");
        try
        {
            await using var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            foreach (var size in new[] { 1 << 20, 4096 })
            {
                Fill(file, new byte[size]);
            }

            await Task.Delay(random.Next(2000, 8000));
        }
        finally
        {
            File.Delete(ballast);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (IsMounted)
        {
            (await Command.Run("umount", ["--lazy", Folder])).OrThrow("umount");
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static void Fill(FileStream file, byte[] block)
    {
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full, which is what was asked for.
        }
    }
}
