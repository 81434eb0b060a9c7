using System.Buffers;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Transport;

/// <summary>Remembers what a transport delivers, and whether it kept to the contract.</summary>
internal sealed class RecordingSink : ITransportSink
{
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _received = new();
    private readonly TaskCompletionSource<TransportException?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _breaches = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;
    private int _closings;

    /// <summary>Runs inside <see cref="ITransportSink.Received"/>, on the transport's thread.</summary>
    public Action? OnReceived { get; set; }

    /// <summary>Completes at the end, with its reason.</summary>
    public Task<TransportException?> Closed => _closed.Task;

    public byte[] Bytes
    {
        get
        {
            lock (_gate)
            {
                return _received.WrittenSpan.ToArray();
            }
        }
    }

    void ITransportSink.Received(ReadOnlySpan<byte> data)
    {
        Enter("Received");
        lock (_gate)
        {
            if (data.IsEmpty)
            {
                _breaches.Add("Received without a byte");
            }

            if (_closings > 0)
            {
                _breaches.Add("Received after Closed");
            }

            _received.Write(data);
            _more.TrySetResult();
        }

        try
        {
            OnReceived?.Invoke();
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    void ITransportSink.Closed(TransportException? reason)
    {
        Enter("Closed");
        lock (_gate)
        {
            _closings++;
        }

        Interlocked.Decrement(ref _inside);
        _closed.TrySetResult(reason);
    }

    public async Task WaitForAsync(int bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_received.WrittenCount >= bytes)
                {
                    return;
                }

                if (_more.Task.IsCompleted)
                {
                    _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                more = _more.Task;
            }

            await more.WaitAsync(Deadline.Limit, cancellationToken);
        }
    }

    /// <summary>Called from one thread at a time, closed once at the most, nothing after that.</summary>
    public void AssertContract(int closings)
    {
        lock (_gate)
        {
            Assert.Empty(_breaches);
            Assert.Equal(closings, _closings);
        }
    }

    private void Enter(string what)
    {
        if (Interlocked.Increment(ref _inside) != 1)
        {
            lock (_gate)
            {
                _breaches.Add($"{what} while the sink was being called");
            }
        }
    }
}
