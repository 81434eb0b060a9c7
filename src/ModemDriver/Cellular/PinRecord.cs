using System.Security.Cryptography;
using System.Text;

namespace ModemDriver.Cellular;

/// <summary>
/// Remembers, over restarts of the program, which PINs a card has refused, and which were given and not answered.
/// </summary>
/// <remarks>
/// <para>A file with one line for each: <c>1 salt hash</c>, both in Base64. The hash is PBKDF2 with SHA-256 of the PIN,
/// salted with random bytes and the number of the card. A PIN has so few digits that whoever has the file and the card's
/// number can find a refused one by trying; it opens nothing.</para>
/// <para>It reads and writes a file, so it is never used on the loop.</para>
/// </remarks>
internal sealed class PinRecord(string? path)
{
    private const string Version = "1";
    private const int SaltLength = 16;
    private const int HashLength = 32;
    private const int Rounds = 20_000;

    // More cards than that in one computer's life; the oldest go.
    private const int MaxLines = 64;

    // A new account has no such folder yet, and it is not asked whether it is there: writing makes it.
    /// <summary>The file of a user; null where the system has no folder for such things.</summary>
    public static string? DefaultPath => Environment.GetFolderPath(
        Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } folder
            ? Path.Combine(folder, "ModemDriver", "refused-pins")
            : null;

    /// <summary>Whether a PIN was refused by a card.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public bool Contains(string card, string pin) => Read().Exists(line => Matches(line, card, pin));

    /// <summary>Remembers a PIN.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public void Add(string card, string pin)
    {
        var lines = Read();
        if (lines.Exists(line => Matches(line, card, pin)))
        {
            return;
        }

        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        lines.Add($"{Version} {Convert.ToBase64String(salt)} {Convert.ToBase64String(Hash(salt, card, pin))}");
        Write(lines.TakeLast(MaxLines));
    }

    /// <summary>Forgets a PIN: the card has taken it after all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public void Remove(string card, string pin)
    {
        var lines = Read();
        if (lines.RemoveAll(line => Matches(line, card, pin)) > 0)
        {
            Write(lines);
        }
    }

    private static bool Matches(string line, string card, string pin)
    {
        var salt = new byte[SaltLength];
        var hash = new byte[HashLength];
        return line.Split(' ') is [Version, var saltText, var hashText]
            && Convert.TryFromBase64String(saltText, salt, out var saltLength) && saltLength == SaltLength
            && Convert.TryFromBase64String(hashText, hash, out var hashLength) && hashLength == HashLength
            && CryptographicOperations.FixedTimeEquals(hash, Hash(salt, card, pin));
    }

    private static byte[] Hash(byte[] salt, string card, string pin) => Rfc2898DeriveBytes.Pbkdf2(
        pin, (byte[])[.. salt, .. Encoding.UTF8.GetBytes(card)], Rounds, HashAlgorithmName.SHA256, HashLength);

    private List<string> Read() => path is null ? throw NoFile() : File.Exists(path) ? [.. File.ReadAllLines(path)] : [];

    // Whole or not at all: a program that ends half-way must not lose what an earlier one has learnt.
    private void Write(IEnumerable<string> lines)
    {
        var target = path ?? throw NoFile();
        if (Path.GetDirectoryName(target) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var draft = $"{target}.{Environment.ProcessId}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(draft, Encoding.ASCII, options))
        {
            foreach (var line in lines)
            {
                writer.WriteLine(line);
            }
        }

        File.Move(draft, target, overwrite: true);
    }

    private static IOException NoFile() => new("The system has no folder for the file that remembers refused PINs.");
}
