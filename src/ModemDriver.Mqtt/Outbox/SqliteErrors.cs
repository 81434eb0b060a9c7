using Microsoft.Data.Sqlite;

namespace ModemDriver.Mqtt.Outbox;

/// <summary>What the codes of SQLite mean for an outbox.</summary>
internal static class SqliteErrors
{
    /// <summary>The exception for a failure of SQLite.</summary>
    public static MqttOutboxException Translate(SqliteException failure, string path)
    {
        // https://www.sqlite.org/rescode.html, primary codes.
        MqttOutboxFailure reason = failure.SqliteErrorCode switch
        {
            5 or 6 => MqttOutboxFailure.InUse, // SQLITE_BUSY, SQLITE_LOCKED
            11 or 26 => MqttOutboxFailure.Corrupt, // SQLITE_CORRUPT, SQLITE_NOTADB
            13 => MqttOutboxFailure.DiskFull, // SQLITE_FULL
            3 or 8 or 14 or 23 => MqttOutboxFailure.NotAccessible, // SQLITE_PERM, _READONLY, _CANTOPEN, _AUTH
            _ => MqttOutboxFailure.Unknown,
        };
        string words = reason switch
        {
            MqttOutboxFailure.InUse => "is in use by another process or client",
            MqttOutboxFailure.Corrupt => "is damaged, or no database; it was left as it is",
            MqttOutboxFailure.DiskFull => "cannot grow: the disk is full",
            MqttOutboxFailure.NotAccessible => "cannot be opened or written",
            _ => "failed",
        };
        return new MqttOutboxException(reason, $"The outbox {path} {words}: {failure.Message}", failure);
    }
}
