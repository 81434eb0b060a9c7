using System.Diagnostics;
using System.Globalization;
using ModemDriver.Fuzz;
using ModemDriver.Fuzz.Targets;
using SharpFuzz;

// What fuzz.sh and people call; docs/fuzzing.md.
return args switch
{
    ["list"] => List(FuzzTargets.All.Select(target => target.Name)),
    ["list", "esp-at"] => List(DialectTarget.EspAt.Names),
    ["list", "luat"] => List(DialectTarget.Luat.Names),
    ["list", "standard"] => List(DialectTarget.Standard.Names),
    ["run", var name, .. var files] when FuzzTargets.Find(name) is { } target => Replay(target, files),
    ["mutate", var name, var seed, var count] when FuzzTargets.Find(name) is { } target =>
        Mutate(target, int.Parse(seed, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture)),
    ["afl", var name] when FuzzTargets.Find(name) is { } target => Serve(target),
    _ => Explain(),
};

static int Explain()
{
    Console.Error.WriteLine("""
        usage: ModemDriver.Fuzz list                         the targets
               ModemDriver.Fuzz list esp-at|luat|standard    the commands that an input can name, by firmware
               ModemDriver.Fuzz run TARGET FILE...           feeds files, and says what breaks
               ModemDriver.Fuzz mutate TARGET SEED COUNT     changes the corpus at random, from a seed
               ModemDriver.Fuzz afl TARGET                   waits for afl-fuzz; see fuzz.sh
        """);
    return 2;
}

static int List(IEnumerable<string> lines)
{
    foreach (string line in lines)
    {
        Console.WriteLine(line);
    }

    return 0;
}

static int Replay(FuzzTarget target, string[] files)
{
    int broken = 0;
    foreach (string file in files)
    {
        if (Fails(target, File.ReadAllBytes(file)) is { } exception)
        {
            Console.WriteLine($"{file}: {exception}");
            broken++;
        }
    }

    Console.WriteLine($"{files.Length} inputs, {broken} break {target.Name}");
    return broken == 0 ? 0 : 1;
}

static int Mutate(FuzzTarget target, int seed, int count)
{
    IReadOnlyList<(string Name, byte[] Input)> kept = Corpus.Of(target);
    var mutator = new Mutator([.. kept.Select(one => one.Input)], seed);
    long start = Stopwatch.GetTimestamp();
    for (int i = 0; i < count; i++)
    {
        byte[] input = mutator.Next();
        if (Fails(target, input) is { } exception)
        {
            string file = $"broken-{target.Name}-{seed}-{i}";
            File.WriteAllBytes(file, input);
            Console.WriteLine($"{file}: {exception}");
            return 1;
        }
    }

    Console.WriteLine(
        $"{target.Name}: {count} inputs in {Stopwatch.GetElapsedTime(start).TotalSeconds:f1} s, none breaks it");
    return 0;
}

static Exception? Fails(FuzzTarget target, byte[] input)
{
    try
    {
        target.Run(input);
        return null;
    }
    catch (Exception exception)
    {
        return exception;
    }
}

static int Serve(FuzzTarget target)
{
    byte[] buffer = new byte[1 << 20];
    Fuzzer.OutOfProcess.Run(stream =>
    {
        int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        target.Run(buffer.AsSpan(0, length));
    });
    return 0;
}
