using System.Net;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>AT+MDNS: the module's own name, which the world knows as long as the module has an address.</summary>
internal sealed class Mdns(EspAtModule module)
{
    private string? _name;

    internal void Start(string name)
    {
        Stop();
        _name = name + ".local";
        AddressObtained();
    }

    internal void Stop()
    {
        AddressLost();
        _name = null;
    }

    internal void AddressObtained()
    {
        if (_name is string name && module.Station.Address is IPAddress address)
        {
            module.Host.Options.World.SetName(name, address);
        }
    }

    internal void AddressLost()
    {
        if (_name is string name)
        {
            module.Host.Options.World.RemoveName(name);
        }
    }
}
