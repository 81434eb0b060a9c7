namespace ModemDriver.Tests.Links;

/// <summary>What a flush waits for: the module's verdict on everything that was written before it.</summary>
public sealed class FlushTests
{
    private readonly PumpRig _rig = new();

    [Fact]
    public void Neither_the_prompt_nor_the_payload_nor_its_arrival_is_the_verdict()
    {
        (_, LinkStream stream) = _rig.Open(4);
        _rig.Write(stream, "hello");
        Task flushing = _rig.Flush(stream);

        _rig.Sent("AT+CIPSEND=4,5\r\n");
        _rig.Receive("\r\nOK\r\n\r\n>");
        _rig.Sent("hello");
        Assert.False(flushing.IsCompleted);
        _rig.Receive("\r\nRecv 5 bytes\r\n");
        Assert.False(flushing.IsCompleted);
        _rig.Receive("\r\nSEND OK\r\n");

        Assert.True(flushing.IsCompletedSuccessfully, $"{flushing.Status}");
    }

    [Fact]
    public void Every_piece_of_a_large_write_is_waited_for_and_nothing_that_was_written_later()
    {
        (_, LinkStream stream) = _rig.Open(4);
        _rig.Write(stream, new string('a', 3000));
        Task flushing = _rig.Flush(stream);

        _rig.TakeSend(4, new string('a', 2048));
        Assert.False(flushing.IsCompleted);
        _rig.Sent("AT+CIPSEND=4,952\r\n");
        _rig.Write(stream, "later");
        _rig.Prompt(new string('a', 952));

        Assert.True(flushing.IsCompletedSuccessfully, $"{flushing.Status}");
        _rig.TakeSend(4, "later");
    }

    [Fact]
    public void Where_nothing_is_under_way_it_is_done_at_once()
    {
        (_, LinkStream stream) = _rig.Open(4);
        Assert.True(_rig.Flush(stream).IsCompletedSuccessfully);
        _rig.Write(stream, "hello");
        _rig.TakeSend(4, "hello");

        Assert.True(_rig.Flush(stream).IsCompletedSuccessfully);
    }

    [Fact]
    public void A_verdict_that_is_a_failure_is_thrown_with_the_reason()
    {
        (_, LinkStream stream) = _rig.Open(4);
        _rig.Write(stream, "hello");
        Task flushing = _rig.Flush(stream);
        _rig.Sent("AT+CIPSEND=4,5\r\n");
        _rig.Receive("\r\nOK\r\n\r\n>");
        _rig.Sent("hello");

        _rig.Receive("\r\nRecv 5 bytes\r\n\r\nSEND FAIL\r\n");

        IOException lost = Assert.IsType<IOException>(flushing.Exception?.InnerException);
        Assert.Equal(LinkFailure.SendFailed, Assert.IsType<LinkException>(lost.InnerException).Reason);
    }
}
