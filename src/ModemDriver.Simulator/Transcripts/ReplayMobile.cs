using System.Globalization;

namespace ModemDriver.Simulator.Transcripts;

/// <summary>The part of the vocabulary of <c>! </c> lines that is about mobile networks and cards.</summary>
internal static class ReplayMobile
{
    internal static IEnumerable<KeyValuePair<string, Action<string[], string>>> Verbs(
        Func<MobileWorld> world, Func<ModemSimulator> module) =>
    [
        new("lose-coverage", (_, _) => world().LoseCoverage()),
        new("restore-coverage", (_, _) => world().RestoreCoverage()),
        new("deny", (words, _) => world().DenyRegistration(int.Parse(words[1], CultureInfo.InvariantCulture))),
        new("admit", (_, _) => world().AllowRegistration()),
        new("deactivate", (_, _) => world().DeactivateContexts()),
        new("detach", (_, _) => world().Detach()),
        new("refuse-contexts", (_, _) => world().AcceptsContexts = false),
        new("accept-contexts", (_, _) => world().AcceptsContexts = true),
        new("remove-card", (_, _) => module().RemoveSim()),
        new("insert-card", (_, _) => module().InsertSim(new SimCard())),
    ];
}
