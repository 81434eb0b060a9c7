using System.Buffers;
using System.CommandLine;
using System.Text;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem udp</c>: lines of standard input as datagrams, and what comes back with its sender.</summary>
internal sealed class UdpVerb(ToolContext context)
{
    private readonly SessionOptions _options = new();

    private readonly Argument<string> _host = new("HOST")
    {
        Description = "The other end, by name or address; 0.0.0.0 to listen only, with --local-port.",
    };

    private readonly Argument<int> _udpPort = new("UDPPORT")
    {
        Description = "Its UDP port, 1 to 65535.",
        CustomParser = result => CommonOptions.WholeNumber(result, "UDPPORT", 1, 65_535),
    };

    private readonly Option<int?> _localPort = new("--local-port")
    {
        Description = "The module's own port, 1 to 65535 (its choice unless given).",
        HelpName = "PORT",
        CustomParser = result => CommonOptions.WholeNumber(result, "--local-port", 1, 65_535),
    };

    private readonly Option<UdpPeerMode> _follow = new("--follow")
    {
        Description = "Whom the input goes to: fixed (the other end), first (the first sender), last (the last sender); "
            + "the latter two with --local-port.",
        HelpName = "fixed|first|last",
        CustomParser = result =>
        {
            switch (result.Tokens[0].Value)
            {
                case "fixed":
                    return UdpPeerMode.Fixed;
                case "first":
                    return UdpPeerMode.FirstSender;
                case "last":
                    return UdpPeerMode.LastSender;
                default:
                    result.AddError($"--follow must be fixed, first or last, not '{result.Tokens[0].Value}'");
                    return default;
            }
        },
    };

    private readonly Option<bool> _whole = new("--whole")
    {
        Description = "All of the input is one datagram. Without it, every line is one, without its end.",
    };

    private readonly Option<int?> _count = new("--count")
    {
        Description = "Ends when so many datagrams have come and all of the input was sent.",
        HelpName = "N",
        CustomParser = result => CommonOptions.WholeNumber(result, "--count", 1, int.MaxValue),
    };

    private readonly Option<TimeSpan?> _linger = CommonOptions.Seconds(
        "--linger", "Seconds of silence after the end of the input that end the run (2 unless given).");

    public Command Create()
    {
        var command = new Command("udp", "Sends lines of standard input as datagrams, and prints what comes with its sender.")
        {
            _host,
            _udpPort,
            _localPort,
            _follow,
            _whole,
            _count,
            _linger,
        };
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new UdpRequest(parsed.GetRequiredValue(_host), parsed.GetValue(_udpPort))
        {
            LocalPort = parsed.GetValue(_localPort),
            PeerMode = parsed.GetValue(_follow),
            QueueLimit = 1024,
        };

        // Some firmware keeps the borders of datagrams only while it pushes.
        ModemSession session = await ModemSession.OpenOnlineAsync(
            _options, parsed, context, cancellationToken, options => options with { ReceiveMode = ReceiveMode.Push })
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            UdpLink link = await session.Modem.OpenUdpAsync(request, cancellationToken).ConfigureAwait(false);
            await using (link.ConfigureAwait(false))
            {
                await TalkAsync(parsed, link, cancellationToken).ConfigureAwait(false);
            }
        }

        return ExitCode.Ok;
    }

    private async Task TalkAsync(ParseResult parsed, UdpLink link, CancellationToken cancellationToken)
    {
        TimeSpan linger = parsed.GetValue(_linger) ?? TimeSpan.FromSeconds(2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var silence = new SilenceWatch(linger, context.Time, stop.Token);
        var received = new List<DatagramReport>();

        // A read of standard input cannot be cancelled; on a thread of the pool it does not hold up the end.
        Task<int> sending = Task.Run(() => SendAsync(parsed, link, stop.Token), stop.Token);
        Task receiving = ReceiveAsync(parsed, link, received, silence, sending);
        if (await Task.WhenAny(sending, receiving).ConfigureAwait(false) == receiving
            && !receiving.IsCompletedSuccessfully)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await receiving.ConfigureAwait(false);
        }

        int sent = await sending.ConfigureAwait(false);
        silence.Restart();
        await receiving.ConfigureAwait(false);
        if (parsed.GetValue(_options.Json))
        {
            var report = new UdpReport(
                parsed.GetRequiredValue(_host), parsed.GetValue(_udpPort), sent, received, link.DroppedDatagrams);
            await context.Out.WriteLineAsync(ToolJson.Print(report, json => json.UdpReport)).ConfigureAwait(false);
        }
    }

    private async Task<int> SendAsync(ParseResult parsed, UdpLink link, CancellationToken cancellationToken)
    {
        int sent = 0;
        await foreach (byte[] datagram in ReadInputAsync(parsed.GetValue(_whole), cancellationToken).ConfigureAwait(false))
        {
            await link.SendAsync(datagram, cancellationToken).ConfigureAwait(false);
            sent++;
        }

        return sent;
    }

    // Bytes as they are: a text reader would change what is no UTF-8. An empty line is no datagram.
    private async IAsyncEnumerable<byte[]> ReadInputAsync(
        bool isWhole, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stream input = context.OpenInput();
        var pending = new ArrayBufferWriter<byte>();
        byte[] buffer = new byte[4096];
        int read;
        while ((read = await input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            for (int i = 0; i < read; i++)
            {
                if (!isWhole && buffer[i] == '\n')
                {
                    if (pending.WrittenSpan.TrimEnd((byte)'\r').ToArray() is { Length: > 0 } line)
                    {
                        yield return line;
                    }

                    pending.ResetWrittenCount();
                }
                else
                {
                    pending.Write([buffer[i]]);
                }
            }
        }

        if (pending.WrittenCount > 0)
        {
            yield return pending.WrittenSpan.ToArray();
        }
    }

    private async Task ReceiveAsync(
        ParseResult parsed, UdpLink link, List<DatagramReport> received, SilenceWatch silence, Task sending)
    {
        int? most = parsed.GetValue(_count);
        try
        {
            for (int count = 0; most is null || count < most; count++)
            {
                Datagram datagram = await link.ReceiveAsync(silence.Token).ConfigureAwait(false);
                if (sending.IsCompleted)
                {
                    silence.Restart();
                }

                if (parsed.GetValue(_options.Json))
                {
                    received.Add(new DatagramReport(
                        datagram.RemoteEndPoint?.ToString(), datagram.Data.Length, Convert.ToBase64String(datagram.Data.Span)));
                }
                else
                {
                    await context.Out.WriteLineAsync($"{datagram.RemoteEndPoint?.ToString() ?? "unknown"} {Readable(datagram)}")
                        .ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (silence.IsTooLong)
        {
            // The agreed end: nothing has come for the linger time.
        }
    }

    // One line for each datagram, whatever it holds: a terminal takes no harm, and nothing is lost.
    private static string Readable(Datagram datagram)
    {
        var text = new StringBuilder(datagram.Data.Length);
        foreach (byte b in datagram.Data.Span)
        {
            _ = b switch
            {
                (byte)'\\' => text.Append(@"\\"),
                >= 0x20 and < 0x7F => text.Append((char)b),
                _ => text.Append(@"\x").Append(b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)),
            };
        }

        return text.ToString();
    }
}
