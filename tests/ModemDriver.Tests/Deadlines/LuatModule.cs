namespace ModemDriver.Tests.Deadlines;

/// <summary>The answers of a cellular module with links that is well.</summary>
internal static class LuatModule
{
    private const string Links =
        "\r\nOK\r\n\r\nSTATE: IP PROCESSING\r\n\r\nC: 0,,\"\",\"\",\"\",\"INITIAL\"\r\nC: 1,,\"\",\"\",\"\",\"INITIAL\"\r\n"
        + "C: 2,,\"\",\"\",\"\",\"INITIAL\"\r\nC: 3,,\"\",\"\",\"\",\"INITIAL\"\r\nC: 4,,\"\",\"\",\"\",\"INITIAL\"\r\n"
        + "C: 5,0,\"TCP\",\"10.0.0.1\",\"80\",\"CONNECTED\"\r\n";

    public static string? Answer(string line) => line switch
    {
        "ATI" => "\r\nAirM2M_780E_V1169_LTE_AT\r\n\r\nOK\r\n",
        "AT+CIPSHUT" => "\r\nSHUT OK\r\n",
        "AT+CIFSR" => "\r\n10.74.100.63\r\n",
        "AT+CIPSTATUS" => Links,
        "AT+CIPSTART=5,\"TCP\",\"10.0.0.1\",80" => "\r\nOK\r\n\r\n5, CONNECT OK\r\n",
        _ => CellularModule.Answer(line),
    };
}
