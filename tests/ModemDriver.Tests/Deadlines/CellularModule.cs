namespace ModemDriver.Tests.Deadlines;

/// <summary>The answers of a cellular module that is well: card ready, registered at home, an address at once.</summary>
internal static class CellularModule
{
    public static string? Answer(string line) => line switch
    {
        "AT+GMR" => "\r\nERROR\r\n",
        "AT+CGMI" => "\r\nExample\r\n\r\nOK\r\n",
        "AT+CGMM" => "\r\nM1\r\n\r\nOK\r\n",
        "AT+CGMR" => "\r\nR1\r\n\r\nOK\r\n",
        "AT+CFUN?" => "\r\n+CFUN: 1\r\n\r\nOK\r\n",
        "AT+CPIN?" => "\r\n+CPIN: READY\r\n\r\nOK\r\n",
        "AT+CEREG?" => "\r\n+CEREG: 2,1,\"1F00\",\"079D903\",7\r\n\r\nOK\r\n",
        "AT+CGREG?" or "AT+CREG?" => "\r\n+CME ERROR: 3\r\n",
        "AT+CGATT?" => "\r\n+CGATT: 1\r\n\r\nOK\r\n",
        "AT+CGPADDR=1" => "\r\n+CGPADDR: 1,\"10.64.64.2\"\r\n\r\nOK\r\n",
        _ => null,
    };
}
