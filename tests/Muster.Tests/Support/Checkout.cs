namespace Muster.Tests;

/// <summary>Where things are in this checkout, whatever folder the tests were started from.</summary>
public static class Checkout
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The built server, of the same configuration as the tests.</summary>
    public static string Executable { get; } =
        Path.Combine(
            Root,
            "artifacts",
            "bin",
            "Muster",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            "muster"
        );

    /// <summary>A path below the root.</summary>
    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Muster.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Muster.slnx above {AppContext.BaseDirectory}");
    }
}
