namespace ModemDriver;

/// <summary>What the module's own HTTP client can ask.</summary>
public enum ModuleHttpMethod
{
    /// <summary>For a resource.</summary>
    Get,

    /// <summary>With a body.</summary>
    Post,

    /// <summary>For the lines before a resource alone.</summary>
    Head,
}

/// <summary>A request by the module's own HTTP client (<see cref="BoardInterface.SendHttpAsync"/>).</summary>
/// <param name="Url">Where to, <c>http://</c>; what is not ASCII must be escaped.</param>
public sealed record ModuleHttpRequest(string Url)
{
    /// <summary>What is asked. Default: for a resource.</summary>
    public ModuleHttpMethod Method { get; init; }

    /// <summary>What is sent with <see cref="ModuleHttpMethod.Post"/>. Default: nothing.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What the body is. Default: <c>application/octet-stream</c>.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>Further lines of the request, such as <c>Authorization: Bearer ...</c>; in no log. Default: none.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>How long the server may take. 1 second to 1 hour, whole seconds. Default 60 seconds.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Tells neither parameters nor headers.</summary>
    public override string ToString() => $"{Method} {Url.Split('?')[0]}";

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Url);
        ArgumentNullException.ThrowIfNull(ContentType);
        ArgumentNullException.ThrowIfNull(Headers);
        if (!Url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || !Uri.TryCreate(Url, UriKind.Absolute, out _)
            || Url.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ArgumentException(
                "The module's own client takes http:// and printable ASCII; for https:// there is HttpClient over links.", nameof(Url));
        }

        if (!Enum.IsDefined(Method) || (Body.Length > 0 && Method != ModuleHttpMethod.Post))
        {
            throw new ArgumentException("Only a post has a body.", nameof(Method));
        }

        if (TimeLimit < TimeSpan.FromSeconds(1) || TimeLimit > TimeSpan.FromHours(1))
        {
            throw new ArgumentOutOfRangeException(nameof(TimeLimit), TimeLimit, "A limit is from 1 second to 1 hour.");
        }
    }
}

/// <summary>What a server has answered to the module's own HTTP client.</summary>
/// <param name="Status">Its status, such as 200.</param>
/// <param name="Head">The lines before the body, as they came.</param>
/// <param name="Body">The body, as it came.</param>
public sealed record ModuleHttpResponse(int Status, string Head, ReadOnlyMemory<byte> Body)
{
    /// <summary>Does not tell the body.</summary>
    public override string ToString() => $"{Status}, {Body.Length} bytes";
}
