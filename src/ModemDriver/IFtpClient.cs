namespace ModemDriver;

/// <summary>Files on an FTP server. One call or transfer at a time.</summary>
/// <remarks>
/// Paths are the server's, sent in UTF-8; none may hold line ends or zeros. Every call ends by the limits of
/// <see cref="FtpOptions"/>. After a failure of the connection (<see cref="FtpFailure.NoAnswer"/>,
/// <see cref="FtpFailure.ConnectionLost"/>, <see cref="FtpFailure.Protocol"/>), or a cancelled call, the client is of no more
/// use.
/// </remarks>
public interface IFtpClient : IAsyncDisposable
{
    /// <summary>Lists a folder (<c>MLSD</c>, else <c>LIST</c>).</summary>
    /// <param name="path">The folder; empty: where the server has put the user.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FtpException">The server refused, or the connection failed.</exception>
    /// <exception cref="InvalidOperationException">A transfer is open.</exception>
    Task<IReadOnlyList<FtpEntry>> ListAsync(string path = "", CancellationToken cancellationToken = default);

    /// <summary>Asks for the size of a file (<c>SIZE</c>).</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Bytes; <see langword="null"/> if the server cannot tell.</returns>
    /// <exception cref="FtpException">There is no such file, or the connection failed.</exception>
    /// <exception cref="InvalidOperationException">A transfer is open.</exception>
    Task<long?> ReadSizeAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Opens a file for reading (<c>RETR</c>).</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">From which byte on, to go on with a transfer that was cut (<c>REST</c>).</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>
    /// A Stream that ends with 0 only when the server has said that all was sent; else it throws an
    /// <see cref="FtpException"/>, or the <see cref="IOException"/> of the link.
    /// </returns>
    /// <exception cref="FtpException">The server refused, or the connection failed.</exception>
    /// <exception cref="InvalidOperationException">A transfer is open.</exception>
    Task<Stream> OpenReadAsync(string path, long offset = 0, CancellationToken cancellationToken = default);

    /// <summary>Opens a file for writing (<c>STOR</c>): what is there is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">From which byte on, to go on with a transfer that was cut (<c>REST</c>); what is before stays.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>
    /// A Stream. Its disposal waits until the server has said that it has all, and throws an <see cref="FtpException"/>,
    /// or the <see cref="IOException"/> of the link, if it has not.
    /// </returns>
    /// <exception cref="FtpException">The server refused, or the connection failed.</exception>
    /// <exception cref="InvalidOperationException">A transfer is open.</exception>
    Task<Stream> OpenWriteAsync(string path, long offset = 0, CancellationToken cancellationToken = default);

    /// <summary>Opens a file for writing behind what is there (<c>APPE</c>), as <see cref="OpenWriteAsync"/>.</summary>
    /// <param name="path">The file; made if it is not there.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FtpException">The server refused, or the connection failed.</exception>
    /// <exception cref="InvalidOperationException">A transfer is open.</exception>
    Task<Stream> OpenAppendAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Deletes a file (<c>DELE</c>).</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FtpException">The server refused, or the connection failed.</exception>
    /// <exception cref="InvalidOperationException">A transfer is open.</exception>
    Task DeleteAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Gives a file or a folder another name or place (<c>RNFR</c>, <c>RNTO</c>).</summary>
    /// <param name="path">What it is called.</param>
    /// <param name="newPath">What it is to be called.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FtpException">The server refused, or the connection failed.</exception>
    /// <exception cref="InvalidOperationException">A transfer is open.</exception>
    Task RenameAsync(string path, string newPath, CancellationToken cancellationToken = default);

    /// <summary>Makes a folder (<c>MKD</c>).</summary>
    /// <param name="path">The folder.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FtpException">The server refused, or the connection failed.</exception>
    /// <exception cref="InvalidOperationException">A transfer is open.</exception>
    Task CreateDirectoryAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Removes an empty folder (<c>RMD</c>).</summary>
    /// <param name="path">The folder.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FtpException">The server refused, or the connection failed.</exception>
    /// <exception cref="InvalidOperationException">A transfer is open.</exception>
    Task RemoveDirectoryAsync(string path, CancellationToken cancellationToken = default);
}
