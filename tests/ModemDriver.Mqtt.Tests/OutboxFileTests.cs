using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using ModemDriver.Mqtt.Outbox;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>The outbox in a file: what it keeps, and what it says when it cannot.</summary>
public sealed class OutboxFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outbox-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Messages_with_keys_keep_the_order_of_calls_that_do_not_wait_for_each_other()
    {
        const int Count = 500;
        await using OutboxQueue queue = new(
            NewStore(), new MqttOutboxOptions { Path = Path.Combine(_folder, "outbox.db") }, TimeProvider.System);
        await queue.OpenAsync(TestContext.Current.CancellationToken);

        Task<MqttReceipt>[] accepted =
        [
            .. Enumerable.Range(1, Count).Select(
                number => queue.AcceptAsync(new MqttMessage("a", $"{number}") { Key = $"k{number}" }).AsTask()),
        ];
        MqttReceipt[] receipts = await Task.WhenAll(accepted);
        MqttReceipt repeated = await queue.AcceptAsync(new MqttMessage("a", "x") { Key = "k7" });

        Assert.Equal(Enumerable.Range(1, Count).Select(number => (long)number), receipts.Select(receipt => receipt.Sequence));
        Assert.Equal((true, 7), (repeated.WasKnown, repeated.Sequence));
        Assert.Equal(Count, queue.Count);
    }

    [Fact]
    public async Task What_a_killed_process_left_can_be_looked_at_and_stays_as_it_is()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string copy = Path.Combine(_folder, "copy.db");
        await using (SqliteStore store = await OpenAsync())
        {
            await AppendAsync(store, 1, new MqttMessage("b", "1"));
            await AppendAsync(store, 2, new MqttMessage("a", "22"));
            await AppendAsync(store, 3, new MqttMessage("b", "3"));
            MqttOutboxException inUse = await Assert.ThrowsAsync<MqttOutboxException>(
                () => MqttOutboxContents.ReadAsync(File, token));
            Assert.Equal(MqttOutboxFailure.InUse, inUse.Reason);

            // What is on the disk now is what a kill would leave: the messages are in the WAL only.
            System.IO.File.Copy(File, copy);
            System.IO.File.Copy(File + "-wal", copy + "-wal");
        }

        byte[] wal = await System.IO.File.ReadAllBytesAsync(copy + "-wal", token);
        MqttOutboxContents contents = await MqttOutboxContents.ReadAsync(copy, token);

        Assert.Equal(["b", "a"], contents.Topics.Select(topic => topic.Topic));
        Assert.Equal([(2, 4), (1, 3)], contents.Topics.Select(topic => (topic.Messages, topic.Bytes)));
        Assert.Equal(wal, await System.IO.File.ReadAllBytesAsync(copy + "-wal", token));
        Assert.NotEmpty(wal);
    }

    [Fact]
    public async Task A_key_is_known_after_a_new_start_until_its_time_is_over()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using (SqliteStore store = await OpenAsync())
        {
            Assert.Null(await AppendAsync(store, 1, new MqttMessage("a", "x") { Key = "k" }, now));
            await store.RemoveAsync([1]);
        }

        await using SqliteStore again = await OpenAsync();

        Assert.Equal(1, await again.FindKeyAsync("k", now - TimeSpan.FromHours(1)));
        Assert.Equal(1, await AppendAsync(again, 2, new MqttMessage("a", "x") { Key = "k" }, now));
        Assert.Empty(await again.ReadAsync([2]));
        Assert.Null(await again.FindKeyAsync("k", now + TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task A_second_client_on_the_same_file_is_refused_and_the_first_goes_on()
    {
        await using SqliteStore first = await OpenAsync();

        await using SqliteStore second = NewStore();
        MqttOutboxException refused = await Assert.ThrowsAsync<MqttOutboxException>(
            async () => await second.OpenAsync(TestContext.Current.CancellationToken));

        Assert.Equal(MqttOutboxFailure.InUse, refused.Reason);
        Assert.Contains(File, refused.Message, StringComparison.Ordinal);
        Assert.Null(await AppendAsync(first, 1, new MqttMessage("a", "x")));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_kept()
    {
        byte[] content = [.. Enumerable.Range(0, 8192).Select(i => (byte)i)];
        await System.IO.File.WriteAllBytesAsync(File, content, TestContext.Current.CancellationToken);

        await RefusesAsync(MqttOutboxFailure.Corrupt);

        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_damaged_file_is_refused_and_kept()
    {
        await using (SqliteStore store = await OpenAsync())
        {
            for (int i = 1; i <= 200; i++)
            {
                await AppendAsync(store, i, new MqttMessage("a", new byte[1000]));
            }
        }

        byte[] content = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
        content.AsSpan(4096, content.Length - 8192).Fill(0x55);
        await System.IO.File.WriteAllBytesAsync(File, content, TestContext.Current.CancellationToken);

        await RefusesAsync(MqttOutboxFailure.Corrupt);

        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("PRAGMA user_version = 2", MqttOutboxFailure.NewerVersion)]
    [InlineData("PRAGMA application_id = 5", MqttOutboxFailure.NotAnOutbox)]
    public async Task A_file_of_a_newer_version_or_of_another_program_is_refused_and_kept(
        string change, MqttOutboxFailure expected)
    {
        await (await OpenAsync()).DisposeAsync();
        Sql(change);
        byte[] content = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);

        await RefusesAsync(expected);

        Assert.Equal(content, await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_value_that_cannot_be_is_refused_and_does_not_end_the_process()
    {
        await using (SqliteStore store = await OpenAsync())
        {
            await AppendAsync(store, 1, new MqttMessage("a", "x"));
        }

        Sql("UPDATE outbox SET expiry = 9223372036854775807");

        await RefusesAsync(MqttOutboxFailure.Corrupt);
        Assert.True(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_refused()
    {
        await using SqliteStore store = new(
            new MqttOutboxOptions { Path = Path.Combine(_folder, "none", "x.db") }, TimeProvider.System);

        MqttOutboxException refused = await Assert.ThrowsAsync<MqttOutboxException>(
            async () => await store.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal(MqttOutboxFailure.NotAccessible, refused.Reason);
    }

    [Fact]
    public async Task A_full_disk_refuses_the_message_alone_and_harms_nothing()
    {
        await using (SqliteStore store = NewStore(maxPages: 20))
        {
            await store.OpenAsync(TestContext.Current.CancellationToken);
            await AppendAsync(store, 1, new MqttMessage("a", "small"));

            // Both at once: whichever share a transaction, only the large one fails.
            Task<long?> large = AppendAsync(store, 2, new MqttMessage("a", new byte[200_000]));
            Task<long?> small = AppendAsync(store, 3, new MqttMessage("a", "small too"));

            MqttOutboxException refused = await Assert.ThrowsAsync<MqttOutboxException>(() => large);
            Assert.Equal(MqttOutboxFailure.DiskFull, refused.Reason);
            Assert.Null(await small);
        }

        await using SqliteStore again = NewStore();
        MqttStoredSession stored = await again.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal([1, 3], stored.Entries.Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task Times_that_cannot_be_are_replaced_by_now()
    {
        DateTimeOffset now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
        await using (SqliteStore store = await OpenAsync())
        {
            await AppendAsync(store, 1, new MqttMessage("a", "x"), new DateTimeOffset(1970, 1, 1, 0, 5, 0, TimeSpan.Zero));
            await AppendAsync(store, 2, new MqttMessage("a", "x"), now + TimeSpan.FromDays(400));
            await AppendAsync(store, 3, new MqttMessage("a", "x"), now - TimeSpan.FromHours(1));
        }

        FakeTimeProvider time = new(now);
        await using SqliteStore again = new(new MqttOutboxOptions { Path = File }, time);
        MqttStoredSession stored = await again.OpenAsync(TestContext.Current.CancellationToken);

        Assert.Equal([now, now, now - TimeSpan.FromHours(1)], stored.Entries.Select(entry => entry.AcceptedAt));
    }

    private string File => Path.Combine(_folder, "outbox.db");

    private SqliteStore NewStore(int maxPages = 0) =>
        new(new MqttOutboxOptions { Path = File }, TimeProvider.System, maxPages);

    private async Task<SqliteStore> OpenAsync()
    {
        SqliteStore store = NewStore();
        await store.OpenAsync(TestContext.Current.CancellationToken);
        return store;
    }

    private static Task<long?> AppendAsync(
        SqliteStore store, long sequence, MqttMessage message, DateTimeOffset? at = null)
    {
        DateTimeOffset accepted = at ?? TimeProvider.System.GetUtcNow();
        return store.AppendAsync(
            new MqttStoredMessage(sequence, message, message.Size, accepted, accepted - TimeSpan.FromHours(1)), []).AsTask();
    }

    private async Task RefusesAsync(MqttOutboxFailure expected)
    {
        await using SqliteStore store = NewStore();
        MqttOutboxException refused = await Assert.ThrowsAsync<MqttOutboxException>(
            async () => await store.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal(expected, refused.Reason);
    }

    private void Sql(string text)
    {
        using SqliteConnection connection = new($"Data Source={File};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    }
}
