using System.Text;
using ModemDriver.Cellular;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary><c>AT+CREG?</c> and its like: TS 27.007 sections 7.2, 10.1.20, 10.1.22.</summary>
internal sealed class StandardReadRegistration(string name, TimeSpan timeLimit)
    : ReadRegistrationCommand(CommandLineBuilder.Raw($"AT{name}?"), timeLimit)
{
    private readonly byte[] _name = Encoding.ASCII.GetBytes(name);

    // A line of another part of the network, or of the URC's shape, is none of ours: it is a change of state that fell
    // into the answer. So is a second line of the answer's shape.
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (Registration is not null
            || !StandardFields.TryStrip(line, _name, out _)
            || RegistrationLine.Read(line, out var read) != RegistrationShape.Answer)
        {
            return false;
        }

        Registration = read;
        return true;
    }
}
