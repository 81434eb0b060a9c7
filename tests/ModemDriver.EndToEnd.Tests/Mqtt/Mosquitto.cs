using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ModemDriver.EndToEnd.Tests.Mqtt;

/// <summary>A broker that was not written here, on a free port of this computer.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private const string Program = "/usr/sbin/mosquitto";
    private const string PasswordProgram = "/usr/bin/mosquitto_passwd";

    private readonly Process _process;
    private readonly string _directory;

    private Mosquitto(Process process, string directory, int port)
    {
        _process = process;
        _directory = directory;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Skips the test, naming the program, where it is missing.</summary>
    public static void SkipUnlessInstalled() =>
        Assert.SkipUnless(File.Exists(Program), "mosquitto is not installed (Debian package mosquitto)");

    /// <summary>Starts it on a free port; on another when somebody else was faster.</summary>
    /// <param name="token">Ends the wait.</param>
    /// <param name="user">Who alone may connect, and by which password; null: everybody.</param>
    /// <param name="certificate">What it shows, with its key; null: no TLS.</param>
    public static async Task<Mosquitto> StartAsync(
        CancellationToken token, (string Name, string Password)? user = null, X509Certificate2? certificate = null)
    {
        for (int attempt = 1; attempt <= 5; attempt++)
        {
            int port = FindFreePort();
            string directory = Directory.CreateTempSubdirectory("modem-mosquitto-").FullName;
            string file = Path.Combine(directory, "mosquitto.conf");
            string access = user is var (name, password)
                ? $"allow_anonymous false\npassword_file {await WritePasswordAsync(directory, name, password, token)}\n"
                : "allow_anonymous true\n";
            string tls = certificate is null ? "" : await WriteCertificateAsync(directory, certificate, token);
            await File.WriteAllTextAsync(
                file,
                $"listener {port} 127.0.0.1\n{tls}{access}persistence false\nlog_dest stderr\n"
                + (Environment.IsPrivilegedProcess ? "user root\n" : ""),
                token);
            Process process = Process.Start(
                new ProcessStartInfo(Program, ["-c", file]) { RedirectStandardError = true })!;
            var broker = new Mosquitto(process, directory, port);
            if (await broker.IsRunningAsync(token))
            {
                return broker;
            }

            await broker.DisposeAsync();
        }

        throw new InvalidOperationException("mosquitto did not start.");
    }

    /// <summary>Ends it at once.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<string> WritePasswordAsync(
        string directory, string name, string password, CancellationToken token)
    {
        string file = Path.Combine(directory, "passwords");
        using Process writing = Process.Start(PasswordProgram, ["-b", "-c", file, name, password]);
        await writing.WaitForExitAsync(token);
        return file;
    }

    private static async Task<string> WriteCertificateAsync(string directory, X509Certificate2 certificate, CancellationToken token)
    {
        string shown = Path.Combine(directory, "shown.pem");
        string key = Path.Combine(directory, "key.pem");
        using ECDsa secret = certificate.GetECDsaPrivateKey()!; // the tests make no other
        await File.WriteAllTextAsync(shown, certificate.ExportCertificatePem(), token);
        await File.WriteAllTextAsync(key, secret.ExportPkcs8PrivateKeyPem(), token);
        return $"certfile {shown}\nkeyfile {key}\n";
    }

    private static int FindFreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    // "1764040000: mosquitto version 2.0.11 running" is written once it listens.
    private async Task<bool> IsRunningAsync(CancellationToken token)
    {
        while (await _process.StandardError.ReadLineAsync(token) is string line)
        {
            if (line.EndsWith(" running", StringComparison.Ordinal))
            {
                // Read on, or it would stop when the pipe is full.
                _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
                return true;
            }
        }

        return false;
    }
}
