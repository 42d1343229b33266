using System.Buffers.Text;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Trainer.Core;

namespace Trainer.Serving;

/// <summary>The address and the path at which the page is served.</summary>
/// <param name="Listens">The address to listen on.</param>
/// <param name="Path">Prefix of every file's name; empty, or a slash and a secret.</param>
/// <param name="Certificate">Null for plain HTTP.</param>
/// <param name="Link">The link to open.</param>
internal sealed record ServedPlace(IPAddress Listens, int Port, string Path, X509Certificate2? Certificate, string Link)
{
    private const int UsualPort = 8765; // the same each time, so that browsers remember the permission for the camera
    private const int PathBytes = 16;
    private static readonly TimeSpan CertificateLife = TimeSpan.FromDays(7);

    /// <summary>A place for this machine alone. Browsers allow 127.0.0.1 to use the camera.</summary>
    public static ServedPlace Local()
    {
        var port = FreePort(IPAddress.Loopback);
        return new(IPAddress.Loopback, port, "", null, $"http://127.0.0.1:{port}/");
    }

    /// <summary>A place for phones in the same network. Browsers allow cameras only with HTTPS, so a certificate is made here.</summary>
    /// <exception cref="TrainerException">This machine isn't in a network.</exception>
    public static ServedPlace Lan()
    {
        var address = LanAddresses().FirstOrDefault() ?? throw new TrainerException("This machine isn't in a local network, so no phone "
            + "can reach it. Leave out --lan.");
        var port = FreePort(address);
        var path = "/" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PathBytes));
        return new(address, port, path, MakeCertificate(address), $"https://{address}:{port}{path}/");
    }

    /// <summary>IPv4 addresses that other machines can reach, the one towards the router first.</summary>
    private static IEnumerable<IPAddress> LanAddresses() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .Select(card => card.GetIPProperties())
        .OrderByDescending(card => card.GatewayAddresses.Any(gateway => gateway.Address.AddressFamily == AddressFamily.InterNetwork))
        .SelectMany(card => card.UnicastAddresses)
        .Select(unicast => unicast.Address)
        .Where(address => address.AddressFamily == AddressFamily.InterNetwork);

    private static int FreePort(IPAddress address)
    {
        foreach (var port in new[] { UsualPort, 0 })
        {
            try
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // the port is taken, so another one is tried
            }
        }

        throw new TrainerException($"No port of {address} can be listened on.");
    }

    private static X509Certificate2 MakeCertificate(IPAddress address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=trainer demo", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(
            certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        // For a server.
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = DateTimeOffset.UtcNow;
        using var made = request.CreateSelfSigned(now.AddHours(-1), now + CertificateLife);
        // Windows only serves certificates that were loaded this way.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }
}
