namespace ModemDriver.Simulator.Tests;

/// <summary>Benches of Luat modules, with echo off.</summary>
internal static class LuatBench
{
    internal const string Ok = "\r\nOK\r\n";
    internal const string WrongState = "\r\n+CME ERROR: 3\r\n";
    internal const string Server = "203.0.113.8";

    /// <summary>A module with switches: name, value, name, value.</summary>
    internal static Bench Make(string personality, params string[] switches) => new Bench(
        personality,
        options => options with
        {
            Switches = switches.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]),
        }).Quiet();

    /// <summary>Sends lines that must be answered with OK, or with an address.</summary>
    internal static Bench Given(this Bench bench, params string[] lines)
    {
        foreach (string line in lines)
        {
            string answer = bench.Send(line + "\r");
            Assert.True(answer.EndsWith(Ok, StringComparison.Ordinal) || line == "AT+CIFSR", $"{line}: {answer}");
        }

        return bench;
    }

    /// <summary>Several links, and an address.</summary>
    internal static Bench Several(this Bench bench) =>
        bench.Given("AT+CIPMUX=1", "AT+CSTT", "AT+CIICR", "AT+CIFSR");

    /// <summary>Connects the only link, or the one of a number; returns the peer.</summary>
    internal static InMemoryPeer Connect(this Bench bench, int port = 80, string id = "")
    {
        InMemoryListener listener = bench.Network.Listen(Server, port);
        string answer = bench.Send($"AT+CIPSTART={id}\"TCP\",\"{Server}\",{port}\r");
        Assert.Contains("CONNECT", answer, StringComparison.Ordinal);
        return bench.Accept(listener);
    }
}
