using System.Buffers;
using System.Text;
using ModemDriver.Commands;
using ModemDriver.Framing;

namespace ModemDriver.Messaging;

/// <summary>
/// <c>AT+CMGS</c>: in PDU mode the length of the TPDU, and behind the prompt the octets; in text mode the number, and the text.
/// </summary>
/// <remarks>TS 27.005 section 4.3.</remarks>
internal sealed class SendMessageCommand : AtCommand
{
    private const byte End = 0x1A;

    private SendMessageCommand(CommandLine line, TimeSpan timeLimit, byte[] payload)
        : base(line, timeLimit) => Payload = new CommandPayload(new ReadOnlySequence<byte>(payload));

    /// <summary>The number that the module gave the message; null if it gave none.</summary>
    public int? Reference { get; private set; }

    /// <inheritdoc/>
    public override bool MayPrompt => true;

    // The network takes its time for the message, but not the module for its question.
    /// <inheritdoc/>
    public override TimeSpan? PromptLimit => TimeSpan.FromSeconds(10);

    // ESC, by TS 27.005 section 3.5.1: all that follows the prompt would be text.
    /// <inheritdoc/>
    public override string CancelsPayload => "\u001b";

    /// <inheritdoc/>
    public override CommandPayload Payload { get; }

    /// <summary>Makes the command of a message.</summary>
    public static SendMessageCommand For(SubmitPdu message, TimeSpan timeLimit)
    {
        var octets = message.ToOctets(out var tpduLength);
        byte[] payload = [.. Encoding.ASCII.GetBytes(Convert.ToHexString(octets)), End];
        return new(new CommandLineBuilder("AT+CMGS=").Number(tpduLength).Build(isBeforePrompt: true), timeLimit, payload);
    }

    /// <summary>Makes the command of a text.</summary>
    /// <param name="number">The recipient, as the module reads it.</param>
    /// <param name="text">The text, as the module reads it; without control characters.</param>
    /// <param name="timeLimit">How long it may take.</param>
    public static SendMessageCommand ForText(string number, string text, TimeSpan timeLimit) => new(
        new CommandLineBuilder("AT+CMGS=").Secret(number, nameof(number)).Build(isBeforePrompt: true),
        timeLimit,
        [.. Encoding.ASCII.GetBytes(text), End]);

    // +CMGS: <mr>[,<ackpdu>]
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("+CMGS:"u8))
        {
            return false;
        }

        Reference = new FieldReader(line["+CMGS:".Length..]).TryReadInt(out var reference) ? reference : null;
        return true;
    }
}
