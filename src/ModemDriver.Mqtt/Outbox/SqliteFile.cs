using System.Globalization;
using Microsoft.Data.Sqlite;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Outbox;

/// <summary>The file: its format, its lock, its statements. Used by one thread.</summary>
/// <remarks>
/// <para>WAL, with the lock held from opening to closing (<c>locking_mode = EXCLUSIVE</c>): a second process is refused
/// at its first statement, and no shared memory is needed. A killed process leaves a WAL that the next opening replays.</para>
/// <para>The format has the number <see cref="Version"/>; a file with a higher one is left alone.</para>
/// </remarks>
internal sealed partial class SqliteFile : IDisposable
{
    /// <summary>The version of the tables, in <c>user_version</c>.</summary>
    public const int Version = 1;

    // "MQOB", in application_id: tells an outbox from a database of another program.
    private const int ApplicationId = 0x4D51_4F42;

    private const string Tables = """
        CREATE TABLE session (
            id INTEGER PRIMARY KEY CHECK (id = 1), identity TEXT);
        INSERT INTO session VALUES (1, NULL);
        CREATE TABLE outbox (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, qos INTEGER NOT NULL, size INTEGER NOT NULL,
            accepted_at INTEGER NOT NULL, expiry INTEGER, has_key INTEGER NOT NULL, released INTEGER NOT NULL DEFAULT 0,
            retain INTEGER NOT NULL, topic TEXT NOT NULL, content_type TEXT, response_topic TEXT, correlation BLOB,
            properties BLOB, payload BLOB NOT NULL);
        CREATE TABLE keys (key TEXT PRIMARY KEY, sequence INTEGER NOT NULL, stored_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX keys_by_age ON keys (stored_at);
        CREATE TABLE received (identifier INTEGER PRIMARY KEY);
        """;

    // A clock before this was not set when the message was stored.
    private static readonly DateTimeOffset EarliestPlausible = OutboxClock.EarliestPlausible;

    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    private SqliteFile(SqliteConnection connection, string path)
    {
        _connection = connection;
        _path = path;
    }

    /// <summary>Opens or makes the file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="durability">Whether a commit waits for the disk.</param>
    /// <param name="maxPages">The highest number of pages, for tests of a full disk; 0 for no bound of ours.</param>
    /// <exception cref="MqttOutboxException">It cannot be used; it was left as it is.</exception>
    public static SqliteFile Open(string path, MqttOutboxDurability durability, int maxPages)
    {
        SqliteConnectionStringBuilder text = new()
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            // Seconds that a locked file is tried again for.
            DefaultTimeout = 1,
        };
        SqliteConnection connection = new(text.ToString());
        try
        {
            connection.Open();
            SqliteFile file = new(connection, path);
            file.Prepare(durability, maxPages);
            return file;
        }
        catch (SqliteException failure)
        {
            connection.Dispose();
            throw SqliteErrors.Translate(failure, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Begins a transaction.</summary>
    public void Begin() => Execute("BEGIN IMMEDIATE");

    /// <summary>Ends it; what it did is durable.</summary>
    public void Commit() => Execute("COMMIT");

    /// <summary>Undoes it, where SQLite has not done so by itself.</summary>
    public void Rollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            Execute("ROLLBACK");
        }
    }

    /// <summary>Reads everything but the messages, after times that cannot be were replaced by now.</summary>
    public MqttStoredSession Load(DateTimeOffset now)
    {
        Begin();
        Execute(
            "UPDATE outbox SET accepted_at = $now WHERE accepted_at > $now OR (accepted_at < $earliest AND $now >= $earliest)",
            ("$now", Time(now)), ("$earliest", Time(EarliestPlausible)));
        Execute(
            "UPDATE keys SET stored_at = $now WHERE stored_at > $now OR (stored_at < $earliest AND $now >= $earliest)",
            ("$now", Time(now)), ("$earliest", Time(EarliestPlausible)));
        string? identity = ReadIdentity();
        Commit();
        return new MqttStoredSession(
            Scalar("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"),
            identity,
            ReadEntries(),
            ReadReceived());
    }

    /// <summary>As <see cref="IMqttOutboxStore.AppendAsync"/>.</summary>
    public long? Append(MqttStoredMessage stored, IReadOnlyList<long> dropped)
    {
        if (stored.Message.Key is { } key)
        {
            if (FindKey(key, stored.KeysAfter) is { } known)
            {
                return known;
            }

            Execute("DELETE FROM keys WHERE stored_at <= $before", ("$before", Time(stored.KeysAfter)));
            Execute(
                "INSERT OR REPLACE INTO keys VALUES ($key, $sequence, $at)",
                ("$key", key), ("$sequence", stored.Sequence), ("$at", Time(stored.AcceptedAt)));
        }

        Remove(dropped);
        MqttMessage message = stored.Message;
        Execute(
            """
            INSERT INTO outbox (sequence, qos, size, accepted_at, expiry, has_key, retain, topic, content_type,
                response_topic, correlation, properties, payload)
            VALUES ($sequence, $qos, $size, $at, $expiry, $hasKey, $retain, $topic, $type, $response, $correlation,
                $properties, $payload)
            """,
            ("$sequence", stored.Sequence),
            ("$qos", (int)message.QualityOfService),
            ("$size", stored.Size),
            ("$at", Time(stored.AcceptedAt)),
            ("$expiry", message.Expiry is { } expiry ? (long)expiry.TotalMilliseconds : null),
            ("$hasKey", message.Key is not null),
            ("$retain", message.Retain),
            ("$topic", message.Topic),
            ("$type", message.ContentType),
            ("$response", message.ResponseTopic),
            ("$correlation", message.CorrelationData.IsEmpty ? null : message.CorrelationData.ToArray()),
            ("$properties", PropertyCodec.Encode(message.Properties)),
            ("$payload", message.Payload.ToArray()));
        return null;
    }

    /// <summary>As <see cref="IMqttOutboxStore.FindKeyAsync"/>.</summary>
    public long? FindKey(string key, DateTimeOffset storedAfter)
    {
        SqliteCommand command = Command(
            "SELECT sequence FROM keys WHERE key = $key AND stored_at > $after", ("$key", key), ("$after", Time(storedAfter)));
        return (long?)command.ExecuteScalar();
    }

    /// <summary>As <see cref="IMqttOutboxStore.ReadAsync"/>.</summary>
    public IReadOnlyDictionary<long, MqttMessage> Read(IReadOnlyList<long> sequences)
    {
        Dictionary<long, MqttMessage> found = new(sequences.Count);
        foreach (long sequence in sequences)
        {
            SqliteCommand command = Command(
                """
                SELECT topic, payload, qos, retain, content_type, response_topic, correlation, properties, expiry
                FROM outbox WHERE sequence = $sequence
                """,
                ("$sequence", sequence));
            using SqliteDataReader row = command.ExecuteReader();
            if (row.Read())
            {
                found.Add(sequence, new MqttMessage(row.GetString(0), row.GetFieldValue<byte[]>(1))
                {
                    QualityOfService = (MqttQualityOfServiceLevel)row.GetInt32(2),
                    Retain = row.GetBoolean(3),
                    ContentType = row.IsDBNull(4) ? null : row.GetString(4),
                    ResponseTopic = row.IsDBNull(5) ? null : row.GetString(5),
                    CorrelationData = row.IsDBNull(6) ? default : row.GetFieldValue<byte[]>(6),
                    Properties = row.IsDBNull(7) ? [] : PropertyCodec.Decode(row.GetFieldValue<byte[]>(7)),
                    Expiry = row.IsDBNull(8) ? null : TimeSpan.FromMilliseconds(row.GetInt64(8)),
                });
            }
        }

        return found;
    }

    /// <summary>As <see cref="IMqttOutboxStore.RemoveAsync"/>.</summary>
    public void Remove(IReadOnlyList<long> sequences)
    {
        for (int i = 0; i < sequences.Count; i++)
        {
            Execute("DELETE FROM outbox WHERE sequence = $sequence", ("$sequence", sequences[i]));
        }
    }

    /// <summary>As <see cref="IMqttOutboxStore.ReleaseAsync"/>.</summary>
    public void Release(long sequence) =>
        Execute("UPDATE outbox SET released = 1 WHERE sequence = $sequence", ("$sequence", sequence));

    /// <summary>As <see cref="IMqttOutboxStore.AddReceivedAsync"/>.</summary>
    public void AddReceived(ushort identifier) =>
        Execute("INSERT OR IGNORE INTO received VALUES ($identifier)", ("$identifier", (int)identifier));

    /// <summary>As <see cref="IMqttOutboxStore.RemoveReceivedAsync"/>.</summary>
    public void RemoveReceived(ushort identifier) =>
        Execute("DELETE FROM received WHERE identifier = $identifier", ("$identifier", (int)identifier));

    /// <summary>As <see cref="IMqttOutboxStore.BeginSessionAsync"/>.</summary>
    public void BeginSession(string identity)
    {
        Execute("UPDATE session SET identity = $identity", ("$identity", identity));
        Execute("DELETE FROM received");
        Execute("UPDATE outbox SET released = 0 WHERE released = 1");
    }

    /// <summary>Closes the file, which gives the lock back.</summary>
    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private static long Time(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private void Prepare(MqttOutboxDurability durability, int maxPages)
    {
        Execute("PRAGMA locking_mode = EXCLUSIVE");
        // Takes the lock, which the mode then keeps; and is the first to read the file. Nothing is changed yet.
        Execute("BEGIN EXCLUSIVE");
        bool isEmpty = CheckFormat();
        Execute("COMMIT");
        Execute("PRAGMA journal_mode = WAL");
        Execute(durability == MqttOutboxDurability.Power ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        if (maxPages > 0)
        {
            Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {maxPages}"));
        }

        if (isEmpty)
        {
            Begin();
            Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"));
            Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
            Execute(Tables);
            Commit();
        }
    }

    /// <summary>Whether the file is empty.</summary>
    /// <exception cref="MqttOutboxException">It is no outbox, or a damaged one.</exception>
    private bool CheckFormat()
    {
        long application = Scalar("PRAGMA application_id");
        long version = Scalar("PRAGMA user_version");
        bool isEmpty = Scalar("SELECT count(*) FROM sqlite_master") == 0;
        if (application != ApplicationId && !isEmpty)
        {
            throw new MqttOutboxException(
                MqttOutboxFailure.NotAnOutbox, $"{_path} is the database of another program; it was left as it is.");
        }

        if (version > Version)
        {
            throw new MqttOutboxException(
                MqttOutboxFailure.NewerVersion,
                $"The outbox {_path} has version {version}; this program knows {Version}. It was left as it is.");
        }

        Check(isEmpty);
        return isEmpty;
    }

    private void Check(bool isEmpty)
    {
        if (isEmpty)
        {
            return;
        }

        string? verdict = (string?)Command("PRAGMA quick_check(1)").ExecuteScalar();
        if (verdict != "ok")
        {
            throw new MqttOutboxException(
                MqttOutboxFailure.Corrupt, $"The outbox {_path} is damaged ({verdict}); it was left as it is.");
        }
    }

    private string? ReadIdentity()
    {
        using SqliteDataReader row = Command("SELECT identity FROM session").ExecuteReader();
        return row.Read()
            ? row.IsDBNull(0) ? null : row.GetString(0)
            : throw new MqttOutboxException(
                MqttOutboxFailure.Corrupt, $"The outbox {_path} has no session; it was left as it is.");
    }

    private List<MqttStoredEntry> ReadEntries()
    {
        List<MqttStoredEntry> entries = [];
        using SqliteDataReader row = Command(
            "SELECT sequence, qos, size, accepted_at, expiry, has_key, released FROM outbox ORDER BY sequence").ExecuteReader();
        while (row.Read())
        {
            entries.Add(new MqttStoredEntry(
                row.GetInt64(0),
                (MqttQualityOfServiceLevel)row.GetInt32(1),
                row.GetInt32(2),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
                row.IsDBNull(4) ? null : TimeSpan.FromMilliseconds(row.GetInt64(4)),
                row.GetBoolean(5),
                row.GetBoolean(6)));
        }

        return entries;
    }

    private List<ushort> ReadReceived()
    {
        List<ushort> received = [];
        using SqliteDataReader row = Command("SELECT identifier FROM received").ExecuteReader();
        while (row.Read())
        {
            received.Add((ushort)row.GetInt32(0));
        }

        return received;
    }

    private long Scalar(string sql) => Command(sql).ExecuteScalar() as long? ?? 0;

    private void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        Command(sql, values).ExecuteNonQuery();

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
            // The statements are those of this file; what comes from outside is a parameter.
#pragma warning disable CA2100
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach ((string name, object? _) in values)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            _commands.Add(sql, command);
        }

        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i].Value ?? DBNull.Value;
        }

        return command;
    }
}
