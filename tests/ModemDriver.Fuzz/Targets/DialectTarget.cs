using System.Text;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Dialects;
using ModemDriver.Framing;
using ModemDriver.Protocol;
using ModemDriver.Tests.Fuzz;

namespace ModemDriver.Fuzz.Targets;

/// <summary>
/// What a dialect reads: answers to each of its commands, and what its modules say unasked. No exception, whatever they say;
/// each line is taken or left; link numbers and counts are numbers that there can be.
/// </summary>
/// <remarks>
/// Input: a character that chooses the firmware and the mode of its links, the name of a command as in <c>ILinkCommands.Open</c> or its line as in
/// <c>AT+CIPSTATUS</c>, up to a line feed; then what the module sends. Another name chooses some command or other.
/// </remarks>
internal sealed class DialectTarget
{
    private const int HighestLink = 99;

    private readonly Sample[] _samples;

    private DialectTarget(IReadOnlyList<Func<Dialect>> make) => _samples = [.. make.Select(one => new Sample(one))];

    public static DialectTarget EspAt { get; } = new(FirmwareSamples.AllEspAt);

    public static DialectTarget Luat { get; } = new(FirmwareSamples.AllLuat);

    public static DialectTarget Standard { get; } = new(FirmwareSamples.AllStandard);

    /// <summary>The digit of the firmware, the name and the line of each command.</summary>
    public IEnumerable<string> Names => _samples.SelectMany(
        (sample, firmware) => sample.Commands.Select(command => $"{(char)FirstDigit(firmware)} {command.Recipe.Name} {command.Line}"));

    public void Run(ReadOnlySpan<byte> input)
    {
        FuzzInput choices = new(input);
        int choice = choices.Byte();
        Sample sample = _samples[choice % _samples.Length];
        ConnectionMode mode = choice / _samples.Length % 2 == 0 ? ConnectionMode.Multiple : ConnectionMode.Single;
        Dialect dialect = sample.Make();
        SampleArguments arguments = new();
        foreach (CommandRecipe recipe in sample.Choose(choices.Until((byte)'\n')))
        {
            foreach (AtCommand command in recipe.Make(dialect, arguments))
            {
                new Dialogue(dialect, command, mode).Feed(choices.Rest);
            }
        }
    }

    // The first printing character that chooses it, in multiple mode.
    private int FirstDigit(int firmware) =>
        Enumerable.Range('0', 64).First(digit => digit % _samples.Length == firmware && digit / _samples.Length % 2 == 0);

    private sealed class Sample
    {
        public Sample(Func<Dialect> make)
        {
            Make = make;
            Dialect dialect = make();
            SampleArguments arguments = new();
            Commands =
            [
                .. DialectCommands.Recipes(dialect).SelectMany(
                    recipe => recipe.Make(dialect, arguments).Select(
                        command => (recipe, Encoding.Latin1.GetString(command.Line.Text)))),
            ];
        }

        public Func<Dialect> Make { get; }

        public (CommandRecipe Recipe, string Line)[] Commands { get; }

        public IEnumerable<CommandRecipe> Choose(ReadOnlySpan<byte> name)
        {
            string text = Encoding.Latin1.GetString(name);
            var named = Commands
                .Where(command => command.Line == text || command.Recipe.Name == text)
                .Select(command => command.Recipe)
                .Distinct()
                .ToArray();
            return named.Length > 0 || Commands.Length == 0 ? named : [Commands[text.Sum(letter => letter) % Commands.Length].Recipe];
        }
    }

    /// <summary>One command in flight, and the lines that come, as the channel gives them to it.</summary>
    private sealed class Dialogue(Dialect dialect, AtCommand command, ConnectionMode mode)
    {
        private bool _hasEnded;

        public void Feed(ReadOnlySpan<byte> wire)
        {
            var framer = new AtFramer { Mode = command.MayPrompt ? FramerMode.LinesWithPrompt : FramerMode.Lines };
            framer.SetPushedHeaders(dialect.Links?.PushedHeaders(mode) ?? []);
            framer.SetFetchedHeader(command.FetchedHeader);
            while (!wire.IsEmpty)
            {
                int used = framer.Read(wire, out AtFrame frame);
                wire = wire[used..];
                Take(frame);
                if (frame.Kind == AtFrameKind.NeedMore)
                {
                    break;
                }
            }

            End(new FinalResult(false, "ERROR"));
            _ = command.Contradiction;
            Promise.Holds(command.Remarks is not null, $"no remarks");
        }

        private void Take(in AtFrame frame)
        {
            switch (frame.Kind)
            {
                case AtFrameKind.Line:
                    TakeLine(frame.Text, frame.Raw.Length);
                    break;
                case AtFrameKind.Payload when !_hasEnded && ReferenceEquals(frame.Header, command.FetchedHeader):
                    command.OnPayload(frame);
                    break;
                case AtFrameKind.Payload:
                    _ = frame.Header!.ReadSender(frame.Raw); // payload has a header
                    break;
            }
        }

        private void TakeLine(ReadOnlySpan<byte> line, int rawLength)
        {
            CheckNotice(dialect.ReadNotice(line));
            DialectAnswers.Tell(dialect, line);
            LineRoute route = LineRouter.Route(
                _hasEnded ? null : command,
                CommandStage.Written,
                line,
                dialect.Rules.ResultCodes,
                text => dialect.ReadNotice(text).Kind != NoticeKind.None,
                out ResultCode? code);
            switch (route)
            {
                case LineRoute.Empty when !_hasEnded:
                    command.OnEmptyLine(rawLength);
                    break;
                case LineRoute.Final:
                    End(code!.ToResult(line)); // the route says that there is one
                    break;
            }
        }

        private void End(in FinalResult result)
        {
            if (!_hasEnded)
            {
                _hasEnded = true;
                command.OnFinal(result);
                _ = command.IsOutcomeDoubtful(result);
            }
        }

        private static void CheckNotice(in ModuleNotice notice)
        {
            Promise.Holds(notice.LinkId is >= -1 and <= HighestLink, $"the link number {notice.LinkId}");
            Promise.Holds(notice.Count >= -1, $"a count of {notice.Count}");
        }
    }
}
