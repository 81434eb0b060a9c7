using System.Text.RegularExpressions;

namespace ModemDriver.Tests.Architecture;

/// <summary>The files of the repository, as the tests of its rules read them.</summary>
internal static partial class SourceTree
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The C# files below a folder, as paths from the root with slashes; nothing that a build has made.</summary>
    public static IReadOnlyList<string> CSharpFiles(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal)
                && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The text without comments; with strings, whose words are part of the program.</summary>
    public static string ReadWithoutComments(string path) => WithoutComments(Read(path));

    public static string WithoutComments(string text) =>
        CommentOrString().Replace(text, found => found.Value[0] == '/' ? " " : found.Value);

    /// <summary>The text without comments and without strings.</summary>
    public static string WithoutCommentsAndStrings(string text) =>
        CommentOrString().Replace(text, found => found.Value[0] == '/' ? " " : "\"\"");

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ModemDriver.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|\"{3}.*?\"{3}|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'""", RegexOptions.Singleline)]
    private static partial Regex CommentOrString();
}
