using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Trainer.Core.Tests.Weights;

/// <summary>
/// A web server for one test, on this machine only. Each connection has one request, which the test answers byte by byte.
/// </summary>
internal sealed class WeightServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Action<Stream, Request> answer;
    private readonly Task serving;

    /// <summary>Starts the server.</summary>
    /// <param name="answer">Writes the complete answer with its status line; the connection is then closed.</param>
    public WeightServer(Action<Stream, Request> answer)
    {
        this.answer = answer;
        NoProxy();
        listener.Start();
        serving = Task.Run(Serve);
    }

    /// <param name="Path">Path of the address.</param>
    /// <param name="From">First requested byte; null for the whole file.</param>
    internal sealed record Request(string Path, int? From);

    public List<Request> Requests { get; } = [];

    public Uri Folder => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/models/");

    /// <summary>An address without a listener. It is fixed, because a free port may soon be taken.</summary>
    public static Uri Nobody()
    {
        NoProxy();
        return new Uri("http://127.0.0.1:9/models/");
    }

    /// <summary>A server that supports ranges, like most.</summary>
    public static Action<Stream, Request> Whole(byte[] content) => (stream, request) =>
    {
        switch (request.From)
        {
            case null:
                Send(stream, "200 OK", content.Length, content);
                break;
            case { } from when from < content.Length:
                Send(stream, "206 Partial Content", content.Length - from, content.AsSpan(from));
                break;
            default:
                Send(stream, "416 Range Not Satisfiable", 0, []);
                break;
        }
    };

    /// <summary>Sends an answer whose body may be shorter than its header says.</summary>
    /// <param name="length">Length in the header; null for none.</param>
    public static void Send(Stream stream, string status, int? length, ReadOnlySpan<byte> body)
    {
        var header = $"HTTP/1.1 {status}\r\nConnection: close\r\n{(length is null ? "" : $"Content-Length: {length}\r\n")}\r\n";
        stream.Write(Encoding.ASCII.GetBytes(header));
        stream.Write(body);
        stream.Flush();
    }

    /// <summary>Sends nothing until the server stops.</summary>
    public void Stall() => stop.Token.WaitHandle.WaitOne();

    public void Dispose()
    {
        stop.Cancel();
        serving.Wait(); // before the listener is closed, because it may be about to accept
        listener.Stop();
        stop.Dispose();
    }

    /// <summary>Disables the machine's proxy, which can't reach servers on this machine.</summary>
    private static void NoProxy() => HttpClient.DefaultProxy = new WebProxy();

    private async Task Serve()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                using var stream = client.GetStream();
                var request = Read(stream);
                Requests.Add(request);
                answer(stream, request);
                client.Client.Shutdown(SocketShutdown.Send); // so that what was written arrives
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // Stopped, or the client had enough.
            }
        }
    }

    private static Request Read(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = reader.ReadLine()?.Split(' ')[1] ?? "";
        int? from = null;
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
            {
                from = int.Parse(line["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            }
        }

        return new Request(path, from);
    }
}
