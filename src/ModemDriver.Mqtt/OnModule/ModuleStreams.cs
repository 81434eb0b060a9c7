namespace ModemDriver.Mqtt.OnModule;

/// <summary>Opens a client's connections to the MQTT client inside a module, of which there is one.</summary>
/// <param name="connect">Has the module connect.</param>
/// <param name="options">The broker; who the client is comes with CONNECT.</param>
internal sealed class ModuleStreams(
    Func<ModuleMqttOptions, CancellationToken, Task<IModuleMqttClient>> connect, ModuleMqttOptions options)
{
    private readonly RefusedMessages _refused = new();
    private Task _before = Task.CompletedTask;

    /// <summary>Opens one, when the one before has given the module's client back.</summary>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        await _before.WaitAsync(cancellationToken).ConfigureAwait(false);
        var stream = new ModuleStream(connect, options, _refused);
        _before = stream.Ended;
        return stream;
    }
}
