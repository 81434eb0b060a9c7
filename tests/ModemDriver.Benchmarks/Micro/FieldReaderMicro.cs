using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using ModemDriver.Framing;

namespace ModemDriver.Benchmarks.Micro;

/// <summary>Three fields of an answer: a number, a quoted text, a number.</summary>
public class FieldReaderMicro
{
    private readonly byte[] _fields = "2,\"10.0.0.2\",1883"u8.ToArray();

    /// <summary>A string, split at commas.</summary>
    [Benchmark(Baseline = true, Description = "three fields, string.Split")]
    public int Split()
    {
        string[] fields = Encoding.ASCII.GetString(_fields).Split(',');
        return int.Parse(fields[0], CultureInfo.InvariantCulture) + fields[1].Trim('"').Length
            + int.Parse(fields[2], CultureInfo.InvariantCulture);
    }

    /// <summary>The field reader.</summary>
    [Benchmark(Description = "three fields, field reader")]
    public int Reader()
    {
        FieldReader fields = new(_fields);
        return fields.TryReadInt(out int id) && fields.TryRead(out ReadOnlySpan<byte> address) && fields.TryReadInt(out int port)
            ? id + address.Length + port
            : 0;
    }
}
