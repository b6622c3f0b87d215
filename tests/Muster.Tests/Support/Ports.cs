using System.Net;
using System.Net.Sockets;

namespace Muster.Tests;

/// <summary>TCP ports for the servers the tests start.</summary>
public static class Ports
{
    /// <summary>A port of 127.0.0.1 that nobody listens on.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
