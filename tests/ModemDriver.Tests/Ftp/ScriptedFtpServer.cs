using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModemDriver.Tests.Ftp;

/// <summary>A server that says to each command what a script says, and nothing of its own.</summary>
internal sealed class ScriptedFtpServer : IAsyncDisposable
{
    private readonly TcpListener _control = new(IPAddress.Loopback, 0);
    private readonly TcpListener _data = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];
    private StreamReader? _reader;
    private Stream? _stream;

    public ScriptedFtpServer()
    {
        _control.Start();
        _data.Start();
    }

    public int Port => ((IPEndPoint)_control.LocalEndpoint).Port;

    public string Passive => $"229 Entering Extended Passive Mode (|||{((IPEndPoint)_data.LocalEndpoint).Port}|)";

    /// <summary>What the client has sent so far.</summary>
    public List<string> Commands { get; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How a client comes to a server: where a modem would open a link.</summary>
    public static async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var client = new TcpClient();
        await client.ConnectAsync(host, port, cancellationToken);
        return client.GetStream();
    }

    /// <summary>Takes the connection of the client and greets.</summary>
    public async Task GreetAsync(string line = "220 ready")
    {
        TcpClient client = await _control.AcceptTcpClientAsync(Token);
        _clients.Add(client);
        _stream = client.GetStream();
        _reader = new StreamReader(_stream, Encoding.UTF8);
        await SayAsync(line);
    }

    /// <summary>Has what follows go over another stream on top of the connection.</summary>
    public async Task ProtectAsync<T>(Func<Stream, Task<T>> wrap)
        where T : Stream
    {
        _stream = await wrap(_stream!); // The client has been greeted.
        _reader = new StreamReader(_stream, Encoding.UTF8);
    }

    /// <summary>The usual answers of a login, without features.</summary>
    public async Task LogInAsync()
    {
        await GreetAsync();
        await AnswerAsync("USER", "331 password");
        await AnswerAsync("PASS", "230 welcome");
        await AnswerAsync("FEAT", "502 what");
        await AnswerAsync("TYPE", "200 ok");
    }

    /// <summary>Reads a command, which must begin so, and answers it.</summary>
    public async Task AnswerAsync(string verb, string line)
    {
        string command = await _reader!.ReadLineAsync(Token) ?? throw new InvalidOperationException("The client has gone.");
        Commands.Add(command);
        Assert.StartsWith(verb, command, StringComparison.Ordinal);
        await SayAsync(line);
    }

    /// <summary>Says a line unasked.</summary>
    public Task SayAsync(string line) => _stream!.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), Token).AsTask();

    /// <summary>Takes the connection for data.</summary>
    public async Task<TcpClient> AcceptDataAsync()
    {
        TcpClient client = await _data.AcceptTcpClientAsync(Token);
        _clients.Add(client);
        return client;
    }

    /// <summary>Closes the connection for commands.</summary>
    public void Close() => _stream!.Dispose();

    public ValueTask DisposeAsync()
    {
        foreach (TcpClient client in _clients)
        {
            client.Dispose();
        }

        _control.Dispose();
        _data.Dispose();
        return ValueTask.CompletedTask;
    }
}
