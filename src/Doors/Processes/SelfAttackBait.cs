using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Reeve.Doors.Processes;

/// <summary>What a self-attack goes for: a readable file, two listeners and a live process, all outside.</summary>
internal sealed class SelfAttackBait : IDisposable
{
    private readonly string _directory;
    private readonly Socket _listener;
    private readonly Socket _abstract;

    private SelfAttackBait(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
        File.WriteAllText(CanaryPath, "A sandbox must not see this.");
        _listener = Listen(AddressFamily.InterNetwork, ProtocolType.Tcp, new IPEndPoint(IPAddress.Loopback, 0));
        var name = $"\0reeve-canary-{ProcessId}-{Port}";
        _abstract = Listen(AddressFamily.Unix, ProtocolType.Unspecified, new UnixDomainSocketEndPoint(name));
        AbstractAddress = [1, 0, .. Encoding.ASCII.GetBytes(name)];
    }

    public string CanaryPath => Path.Join(_directory, "canary");

    public string PlantPath => Path.Join(_directory, "planted");

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>As connect(2) takes it: family and name.</summary>
    public byte[] AbstractAddress { get; }

    public int ProcessId { get; } = Native.ProcessId();

    public bool WasPlanted => File.Exists(PlantPath);

    public bool WasReached => _listener.Poll(0, SelectMode.SelectRead) || _abstract.Poll(0, SelectMode.SelectRead);

    public static SelfAttackBait Lay(string directory)
    {
        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        return new SelfAttackBait(Path.Join(directory, $"canary-{name}"));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _abstract.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static Socket Listen(AddressFamily family, ProtocolType protocol, EndPoint endPoint)
    {
        var socket = new Socket(family, SocketType.Stream, protocol);
        socket.Bind(endPoint);
        socket.Listen();
        return socket;
    }
}
