using System.Text.RegularExpressions;

namespace ModemDriver.Tests.Architecture;

/// <summary>
/// On the loop, <c>ConfigureAwait(false)</c> is for methods alone whose state the runtime keeps: they end on the loop, and who
/// waits goes on in place. Behind a task it would lead to the thread pool.
/// </summary>
public partial class LoopAwaitTests
{
    private static readonly string[] FoldersOfTheLoop = ["Channel", "Links", "Lifecycle", "Dialects", "Cellular"];

    // A local that holds what a pooled method has returned, by file.
    private static readonly HashSet<string> PooledLocals = ["LinkPump.cs: job"];

    [Fact]
    public void No_task_is_awaited_without_the_context_of_the_loop()
    {
        string[] files = [.. FoldersOfTheLoop.SelectMany(folder => SourceTree.CSharpFiles("src/ModemDriver/" + folder))];
        string all = string.Concat(files.Select(SourceTree.Read));
        HashSet<string> pooled = [.. PooledMethod().Matches(all).Select(static match => match.Groups[1].Value)];
        List<string> awaited = [];
        foreach (string file in files)
        {
            awaited.AddRange(AwaitedWithoutContext().Matches(SourceTree.Read(file))
                .Select(match => match.Groups["method"].Success ? match.Groups["method"].Value : $"{Path.GetFileName(file)}: {match.Groups["local"].Value}"));
        }

        Assert.NotEmpty(pooled);
        Assert.NotEmpty(awaited);
        Assert.DoesNotContain(awaited, what => !pooled.Contains(what) && !PooledLocals.Contains(what));
    }

    [GeneratedRegex(@"PoolingAsyncValueTaskMethodBuilder(?:<>)?\)\)\]\s+private async ValueTask(?:<[^ ]+>)? (\w+)\(")]
    private static partial Regex PooledMethod();

    // A call with its arguments, or a local.
    [GeneratedRegex(@"(?:(?<method>\w+)\((?>[^()]|(?<open>\()|(?<-open>\)))*(?(open)(?!))\)|(?<local>\w+))\.ConfigureAwait\(false\)")]
    private static partial Regex AwaitedWithoutContext();
}
