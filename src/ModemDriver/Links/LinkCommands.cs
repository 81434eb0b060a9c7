using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Links;

/// <summary>Opens a link; a dialect's version reads the module's reason.</summary>
internal abstract class OpenLinkCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>What the module said about the failure; <see cref="LinkFailure.Unknown"/> if nothing.</summary>
    public LinkFailure Failure { get; protected set; }

    /// <summary>The module's own words; <see langword="null"/> if it had none.</summary>
    public string? FailureText { get; protected set; }

    /// <summary>Fires when the caller has gone. Once the line is sent, that does not matter any more.</summary>
    public CancellationToken CallerGone { get; set; }

    /// <inheritdoc/>
    public override bool IsGivenUp => CallerGone.IsCancellationRequested;
}

/// <summary>Fetches what waits in a link, straight into the buffer of its reader.</summary>
internal sealed class FetchCommand(
    CommandLine line, TimeSpan timeLimit, Func<PayloadHeader> header, Link link, int maxBytes)
    : AtCommand(line, timeLimit)
{
    /// <summary>How many bytes were asked for.</summary>
    public int MaxBytes { get; } = maxBytes;

    /// <summary>How many bytes came.</summary>
    public int Received { get; private set; }

    // Asked when it is written: a setting that goes before it on the wire changes the form.
    /// <inheritdoc/>
    public override PayloadHeader? FetchedHeader => header();

    /// <inheritdoc/>
    public override void OnPayload(in AtFrame piece)
    {
        Received += piece.Text.Length;
        link.Append(piece.Text, piece.IsLast);
        if (piece.IsLast)
        {
            // Before any notice that stands behind it on the wire, which counts what is left.
            link.OnFetched(Received, MaxBytes);
        }
    }

    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result)
    {
        if (Received == 0)
        {
            link.OnNothingWaiting();
        }
    }
}

/// <summary>Asks how much waits in each link.</summary>
internal abstract class WaitingCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>Bytes that wait, by link number; nothing for a link that is not open.</summary>
    public List<int> Counts { get; } = [];
}

/// <summary>Asks which links exist.</summary>
internal abstract class ListLinksCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>The numbers of the links that exist.</summary>
    public List<int> LinkIds { get; } = [];
}
