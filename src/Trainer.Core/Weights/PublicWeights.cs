using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Trainer.Core.Platform;

namespace Trainer.Core.Weights;

/// <summary>Fetches torchvision's public MobileNetV2 (ImageNet, 14 MB) once, into a folder of the user's.</summary>
/// <remarks>
/// A broken download is taken up where it stopped. The file is only used when its whole SHA-256 is the expected one, each time that it is
/// asked for: so it doesn't matter whom it came from, and a mirror may be plain http.
/// </remarks>
/// <param name="cacheFolder">Where the file is kept between runs.</param>
/// <param name="source">The folder on the web that holds the file.</param>
/// <param name="fileName">Its name, there and here.</param>
/// <param name="sha256">64 hexadecimal digits in lower case.</param>
/// <param name="patience">How long the server may stay silent; 20 seconds when null.</param>
public sealed class PublicWeights(string cacheFolder, Uri source, string fileName, string sha256, TimeSpan? patience = null)
{
    /// <summary>torchvision's IMAGENET1K_V1 weights.</summary>
    public const string MobileNetV2 = "mobilenet_v2-b0353104.pth";

    /// <summary>The SHA-256 of that file.</summary>
    public const string MobileNetV2Sha256 = "b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889";

    /// <summary>Environment variable that names another folder on the web to fetch from.</summary>
    public const string MirrorVariable = "TRAINER_WEIGHTS_MIRROR";

    /// <summary>Environment variable that names another folder to keep fetched files in.</summary>
    public const string CacheVariable = UserCache.Variable;

    private const long MaxBytes = 64 << 20;
    private static readonly Uri Public = new("https://download.pytorch.org/models/");
    private readonly TimeSpan patience = patience ?? TimeSpan.FromSeconds(20);

    /// <summary>The file's place, whether or not it is there yet.</summary>
    public string Path { get; } = System.IO.Path.Combine(cacheFolder, fileName);

    /// <summary>The user's own cache, and the mirror that the environment names, if it does.</summary>
    /// <exception cref="TrainerException">The mirror is no address.</exception>
    public static PublicWeights Default()
    {
        var mirror = Environment.GetEnvironmentVariable(MirrorVariable);
        if (string.IsNullOrEmpty(mirror))
        {
            return From(Public);
        }

        return Uri.TryCreate(mirror.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? From(uri)
            : throw new TrainerException($"{MirrorVariable} is '{mirror}'; expected an address such as https://mirror.example/models/.");
    }

    /// <summary>The path of the whole, checked file; fetched first if it isn't there.</summary>
    /// <param name="progress">Told (bytes so far, bytes in all or 0).</param>
    /// <exception cref="TrainerException">It can't be had: no network, no such file, wrong content, no space.</exception>
    public string Fetch(Action<long, long>? progress = null, CancellationToken cancel = default)
    {
        var part = Path + ".part";
        try
        {
            if (File.Exists(Path) && IsExpected(Path))
            {
                return Path;
            }

            Directory.CreateDirectory(cacheFolder);
            using (var file = new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            {
                Download(file, progress, cancel);
                file.Flush(flushToDisk: true);
            }

            if (!IsExpected(part))
            {
                File.Delete(part);
                throw new TrainerException($"What {Address} sent is not {fileName}: its SHA-256 differs. It was deleted; try again, or fetch the file yourself and name it with --weights FILE.");
            }

            File.Move(part, Path, overwrite: true);
            return Path;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            var cause = e.GetBaseException();
            var reason = e is OperationCanceledException && cause is not TimeoutException // that one is of connecting, and says so
                ? FormattableString.Invariant($"It sent nothing for {patience.TotalSeconds:0.#} seconds.")
                : $"{cause.Message.TrimEnd('.')}.";
            var kept = new FileInfo(part) is { Exists: true, Length: > 0 } ? " What has arrived is kept and taken up the next time." : "";
            throw new TrainerException($"Can't fetch {Address}: {reason}{kept} Behind a proxy or offline, fetch it elsewhere and name it with --weights FILE, or set {MirrorVariable}.", e);
        }
    }

    private static PublicWeights From(Uri source) => new(UserCache.FolderOf("weights"), source, MobileNetV2, MobileNetV2Sha256);

    /// <summary>Where the file is fetched from.</summary>
    public Uri Address => new(source, fileName);

    private void Download(FileStream file, Action<long, long>? progress, CancellationToken cancel)
    {
        using var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        if (file.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(file.Length, null);
        }

        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(patience);
        using var response = client.Send(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return; // all of it was there already; its hash will tell
        }

        response.EnsureSuccessStatusCode();
        file.SetLength(response.StatusCode == HttpStatusCode.PartialContent ? file.Length : 0);
        file.Position = file.Length;
        var total = file.Length + (response.Content.Headers.ContentLength ?? 0);
        using var body = response.Content.ReadAsStream(silence.Token);
        var buffer = new byte[1 << 16];
        for (int read; (read = ReadWithin(body, buffer, silence)) > 0;)
        {
            file.Write(buffer, 0, read);
            progress?.Invoke(file.Length, response.Content.Headers.ContentLength is null ? 0 : total);
            if (file.Length > MaxBytes)
            {
                throw new IOException($"It is larger than {MaxBytes >> 20} MB.");
            }
        }
    }

    /// <summary>Waits for the next bytes as long as patience lasts, not for the whole file.</summary>
    private int ReadWithin(Stream body, byte[] buffer, CancellationTokenSource silence)
    {
        silence.CancelAfter(patience);
        return body.ReadAsync(buffer, silence.Token).AsTask().GetAwaiter().GetResult();
    }

    private bool IsExpected(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file)) == sha256;
    }
}
