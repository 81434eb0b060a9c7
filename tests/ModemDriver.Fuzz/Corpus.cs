namespace ModemDriver.Fuzz;

/// <summary>The inputs that are kept: <c>corpus/TARGET/*</c> beside this source.</summary>
internal static class Corpus
{
    /// <summary>Where they are.</summary>
    public static string Folder { get; } = FindFolder();

    /// <summary>Those of a target, with their names, in order.</summary>
    public static IReadOnlyList<(string Name, byte[] Input)> Of(FuzzTarget target)
    {
        string folder = Path.Combine(Folder, target.Name);
        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))]
            : [];
    }

    private static string FindFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "corpus"); // a source file stands in a folder
}
