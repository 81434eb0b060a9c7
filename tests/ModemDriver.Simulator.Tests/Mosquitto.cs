using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace ModemDriver.Simulator.Tests;

/// <summary>A real broker on a free port of this machine, which is stopped when it is disposed.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private const string Program = "/usr/sbin/mosquitto";

    private readonly Process _process;
    private readonly string _folder;

    private Mosquitto(Process process, string folder, int port)
    {
        _process = process;
        _folder = folder;
        Port = port;
    }

    internal int Port { get; }

    internal static void SkipUnlessInstalled() =>
        Assert.SkipUnless(File.Exists(Program), "mosquitto is not installed (Debian package mosquitto).");

    /// <summary>Starts it; on another port when somebody else was faster.</summary>
    /// <param name="certificates">For TLS; <see langword="null"/> for TCP, with a password.</param>
    /// <param name="wantsCertificate">Of the client, too.</param>
    /// <param name="token">Gives up.</param>
    internal static async Task<Mosquitto> StartAsync(
        TestCertificates? certificates, bool wantsCertificate, CancellationToken token)
    {
        for (int attempt = 1; attempt <= 5; attempt++)
        {
            string folder = Directory.CreateTempSubdirectory("modem-broker-").FullName;
            int port = FindFreePort();
            string file = Path.Combine(folder, "mosquitto.conf");
            await File.WriteAllLinesAsync(file, [.. Settings(port, folder, certificates, wantsCertificate)], token);
            Process process = Process.Start(
                new ProcessStartInfo(Program, ["-c", file]) { RedirectStandardError = true })!;
            var broker = new Mosquitto(process, folder, port);
            if (await broker.IsRunningAsync().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, token))
            {
                return broker;
            }

            await broker.DisposeAsync();
        }

        throw new InvalidOperationException("mosquitto does not start.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static List<string> Settings(
        int port, string folder, TestCertificates? certificates, bool wantsCertificate)
    {
        List<string> lines = [$"listener {port} 127.0.0.1", "persistence false", "log_dest stderr"];
        if (Environment.IsPrivilegedProcess)
        {
            lines.Add("user root");
        }

        if (certificates is null)
        {
            string file = Path.Combine(folder, "passwords");
            File.WriteAllText(file, "user:secret\n");
            using Process hashing = Process.Start("/usr/bin/mosquitto_passwd", ["-U", file]);
            hashing.WaitForExit();
            lines.AddRange(["allow_anonymous false", $"password_file {file}"]);
            return lines;
        }

        string Write(string name, string pem)
        {
            string file = Path.Combine(folder, name);
            File.WriteAllText(file, pem);
            return file;
        }

        lines.AddRange(
        [
            "allow_anonymous true",
            $"require_certificate {(wantsCertificate ? "true" : "false")}",
            "cafile " + Write("ca.pem", certificates.Authority.ExportCertificatePem()),
            "certfile " + Write("server.pem", certificates.Server.ExportCertificatePem()),
            "keyfile " + Write("server.key", certificates.Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
        ]);
        return lines;
    }

    private static int FindFreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    // "1764040000: mosquitto version 2.0.11 running" is written once it listens.
    private async Task<bool> IsRunningAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is string line)
        {
            if (line.EndsWith(" running", StringComparison.Ordinal))
            {
                // Read on, or it would stop when the pipe is full.
                _ = _process.StandardError.ReadToEndAsync();
                return true;
            }
        }

        return false;
    }
}
