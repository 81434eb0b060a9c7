using System.Buffers;

namespace ModemDriver.Commands;

/// <summary>Payload that follows a prompt. The bytes must not change until the command has ended.</summary>
/// <param name="Bytes">Exactly what the module was told to expect.</param>
/// <param name="IsSecret">Whether no log, trace or recording may show them.</param>
internal sealed record CommandPayload(ReadOnlySequence<byte> Bytes, bool IsSecret = false);
