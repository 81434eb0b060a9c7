using ModemDriver.Links;

namespace ModemDriver.Lifecycle;

/// <summary>The transparent session, as the modem's owner may ask for it.</summary>
internal sealed partial class ModemRunner
{
    /// <summary>Opens a transparent session.</summary>
    public async Task<TransparentLink> OpenTransparentAsync(
        TransparentRequest request, CancellationToken cancellationToken)
    {
        RequireTransparent(request);
        if (IsTaken(ModemFeature.OnBoardMqtt))
        {
            throw new InvalidOperationException(
                "A transparent session has the line for itself, and the module's own MQTT is in use; dispose it first.");
        }

        if (State != ModemState.Online)
        {
            throw new LinkException(
                LinkFailure.NoNetwork,
                null,
                request.EndPoint,
                $"{PortName} is {State}; go online before opening a session.")
            {
                Port = PortName,
                State = State,
            };
        }

        return await Links.OpenTransparentAsync(request, cancellationToken);
    }

    /// <summary>Makes the module open a session by itself whenever it starts; null: no more.</summary>
    public async Task SaveTransparentAsync(TransparentRequest? request)
    {
        if (request is not null)
        {
            RequireTransparent(request);
        }

        Require(ModemFeature.SavedTransparentLink);

        var (command, result) = await CallAsync(() => Links.SaveTransparentAsync(request), CancellationToken.None);
        if (!result.IsSuccess)
        {
            throw new CommandFailedException(command.Line.Display, result, command.Remarks) { Port = PortName };
        }
    }

    private void RequireTransparent(TransparentRequest request)
    {
        Require(ModemFeature.TransparentMode);
        switch (request.Protocol)
        {
            case TransparentProtocol.Tls:
                Require(ModemFeature.TransparentTls);
                break;
            case TransparentProtocol.Udp:
                Require(ModemFeature.Udp);
                break;
        }
    }
}
