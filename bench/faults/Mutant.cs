using Muster.Tests;

namespace Muster.Faults;

/// <summary>A copy of the product without its fence, built for one run: the checks must find what it does.</summary>
public static class Mutant
{
    /// <summary>What is taken out, by file: a lease's epoch is compared nowhere, and a chunk begins wherever its runner believes it is.</summary>
    private static readonly (string File, string Fence)[] Fences =
    [
        ("WorkspaceLeases.cs", " && l.Epoch == epoch"),
        ("ChunkExecutor.cs", "&& o.Cursor == operation.Cursor"),
    ];

    /// <summary>Builds it.</summary>
    /// <returns>The executable.</returns>
    /// <exception cref="InvalidOperationException">It does not build, or the product no longer says these words.</exception>
    public static async Task<string> WithoutFence()
    {
        var root = Reaper.NewFolder("faults-mutant");
        foreach (var path in Directory.EnumerateFiles(Checkout.Root))
        {
            File.Copy(path, Path.Combine(root, Path.GetFileName(path)));
        }

        var source = Checkout.PathTo("src");
        foreach (var path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(root, "src", Path.GetRelativePath(source, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }

        foreach (var (file, fence) in Fences)
        {
            var path = Path.Combine(root, "src", "Muster", "Bulk", file);
            var text = await File.ReadAllTextAsync(path);
            if (!text.Contains(fence, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{file} has no '{fence}' any more; say here what protects it now.");
            }

            await File.WriteAllTextAsync(path, text.Replace(fence, "", StringComparison.Ordinal));
        }

        // What became unused would be an error.
        string[] arguments = ["build", Path.Combine(root, "src", "Muster"), "-c", "Release", "-v", "q", "-p:TreatWarningsAsErrors=false"];
        (await Command.Run("dotnet", arguments)).OrThrow("building the mutant");
        return Path.Combine(root, "artifacts", "bin", "Muster", "release", "muster");
    }
}
