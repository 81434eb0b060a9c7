using Microsoft.Data.Sqlite;

namespace ModemDriver.Mqtt.Outbox;

/// <summary>Looking into a file without changing it.</summary>
internal sealed partial class SqliteFile
{
    // https://www.sqlite.org/c3ref/c_dbconfig_defensive.html: SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE.
    private const int NoCheckpointOnClose = 1006;

    /// <summary>Reads what waits. A WAL that a killed process has left is read, and left where it is.</summary>
    /// <exception cref="MqttOutboxException">It is in use, or no outbox; it was left as it is.</exception>
    public static MqttOutboxContents Inspect(string path)
    {
        if (!File.Exists(path))
        {
            throw new MqttOutboxException(MqttOutboxFailure.NotAccessible, $"There is no outbox {path}.");
        }

        SqliteConnectionStringBuilder text = new()
        {
            DataSource = path,
            // Not read only: a lock can be taken by a writer only, and without it the file could be in use.
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1,
        };
        using SqliteConnection connection = new(text.ToString());
        try
        {
            connection.Open();
            SQLitePCL.raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _);
            using SqliteFile file = new(connection, path);
            return file.ReadContents();
        }
        catch (SqliteException failure)
        {
            throw SqliteErrors.Translate(failure, path);
        }
    }

    private MqttOutboxContents ReadContents()
    {
        Execute("PRAGMA locking_mode = EXCLUSIVE");
        Execute("BEGIN EXCLUSIVE");
        if (CheckFormat())
        {
            // A process died while it made the file: nothing had been accepted.
            return new MqttOutboxContents(null, []);
        }

        string? identity = ReadIdentity();
        List<MqttOutboxTopic> topics = [];
        using SqliteDataReader row = Command(
            "SELECT topic, count(*), sum(size), min(accepted_at) FROM outbox GROUP BY topic ORDER BY min(sequence)")
            .ExecuteReader();
        while (row.Read())
        {
            topics.Add(new MqttOutboxTopic(
                row.GetString(0), row.GetInt64(1), row.GetInt64(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3))));
        }

        return new MqttOutboxContents(identity, topics);
    }
}
