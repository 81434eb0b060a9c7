using System.Diagnostics;

namespace ModemDriver.Fuzz.Tests;

/// <summary>The inputs that are kept, and a short run of changed ones: the same on every machine.</summary>
public sealed class CorpusTests
{
    private const int Changed = 3000;

    public static TheoryData<string> Targets() => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void No_input_that_is_kept_breaks_a_promise(string name)
    {
        FuzzTarget target = Find(name);
        IReadOnlyList<(string Name, byte[] Input)> kept = Corpus.Of(target);
        Assert.NotEmpty(kept);
        Assert.All(kept, one => target.Run(one.Input));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void No_input_that_is_changed_at_random_breaks_a_promise(string name)
    {
        FuzzTarget target = Find(name);
        var mutator = new Mutator([.. Corpus.Of(target).Select(one => one.Input)], seed: 20261129);
        for (int i = 0; i < Changed; i++)
        {
            byte[] input = mutator.Next();
            try
            {
                target.Run(input);
            }
            catch (Exception exception) when (exception is not UnreachableException)
            {
                Assert.Fail($"input {i}, {Convert.ToHexString(input)}: {exception}");
            }
        }
    }

    // Else a typing error in the name of a folder would take a corpus away without a word.
    [Fact]
    public void Every_folder_of_the_corpus_is_that_of_a_target() =>
        Assert.Equal(
            FuzzTargets.All.Select(target => target.Name).Order(StringComparer.Ordinal),
            Directory.GetDirectories(Corpus.Folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal));

    [Fact]
    public void Any_bytes_at_all_break_no_promise() =>
        Assert.All(FuzzTargets.All, target =>
        {
            target.Run([]);
            var random = new Mutator([[0], [0xFF, 0xFF, 0xFF, 0xFF], "a\n\"\r\n"u8.ToArray()], seed: 7);
            for (int i = 0; i < 300; i++)
            {
                target.Run(random.Next());
            }
        });

    private static FuzzTarget Find(string name) => FuzzTargets.Find(name)!; // the name is that of one
}
