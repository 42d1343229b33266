using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Trainer.Core.Platform;

namespace Trainer.Core.Weights;

/// <summary>Downloads torchvision's public MobileNetV2 (ImageNet, 14 MB) once, into the user's cache folder.</summary>
/// <remarks>
/// An interrupted download is continued where it stopped. The file's SHA-256 is checked each time before the file is used, so its source
/// need not be trusted, and a mirror may use plain http.
/// </remarks>
/// <param name="cacheFolder">Where the file is kept between runs.</param>
/// <param name="source">The address of the folder that contains the file.</param>
/// <param name="fileName">The file's name, on the web and in the cache.</param>
/// <param name="sha256">The expected hash: 64 hexadecimal digits in lower case.</param>
/// <param name="patience">How long the server may send nothing; 20 seconds when null.</param>
public sealed class PublicWeights(string cacheFolder, Uri source, string fileName, string sha256, TimeSpan? patience = null)
{
    /// <summary>torchvision's IMAGENET1K_V1 weights.</summary>
    public const string MobileNetV2 = "mobilenet_v2-b0353104.pth";

    /// <summary>The SHA-256 of that file.</summary>
    public const string MobileNetV2Sha256 = "b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889";

    /// <summary>The environment variable that sets another web address to download from.</summary>
    public const string MirrorVariable = "TRAINER_WEIGHTS_MIRROR";

    /// <summary>The environment variable that sets another cache folder.</summary>
    public const string CacheVariable = UserCache.Variable;

    private const long MaxBytes = 64 << 20;
    private static readonly Uri Public = new("https://download.pytorch.org/models/");
    private readonly TimeSpan patience = patience ?? TimeSpan.FromSeconds(20);

    /// <summary>The file's path in the cache; the file may not exist yet.</summary>
    public string Path { get; } = System.IO.Path.Combine(cacheFolder, fileName);

    /// <summary>Uses the user's cache folder, and the mirror if the environment variable sets one.</summary>
    /// <exception cref="TrainerException">The mirror isn't a web address.</exception>
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

    /// <summary>The path of the complete, checked file, which is downloaded first if it isn't in the cache.</summary>
    /// <param name="progress">Called with the bytes received so far and the total, or 0 if the total is unknown.</param>
    /// <exception cref="TrainerException">
    /// The file can't be downloaded: no network, no such file, wrong content, or no disk space.
    /// </exception>
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
                throw new TrainerException($"What {Address} sent is not {fileName}: its SHA-256 differs. It was deleted; try again, "
                + "or fetch the file yourself and name it with --weights FILE.");
            }

            File.Move(part, Path, overwrite: true);
            return Path;
        }
        catch (Exception e) when (
            e is HttpRequestException or IOException or UnauthorizedAccessException or OperationCanceledException
            && !cancel.IsCancellationRequested)
        {
            var cause = e.GetBaseException();
            var reason = e is OperationCanceledException && cause is not TimeoutException // a timeout while connecting has its own message
                ? FormattableString.Invariant($"It sent nothing for {patience.TotalSeconds:0.#} seconds.")
                : $"{cause.Message.TrimEnd('.')}.";
            var kept = new FileInfo(part) is { Exists: true, Length: > 0 }
                ? " The part that has arrived is kept, and the next run continues from there."
                : "";
            throw new TrainerException($"Can't fetch {Address}: {reason}{kept} "
            + $"Behind a proxy or offline, fetch it elsewhere and name it with --weights FILE, or set {MirrorVariable}.", e);
        }
    }

    private static PublicWeights From(Uri source) => new(UserCache.FolderOf("weights"), source, MobileNetV2, MobileNetV2Sha256);

    /// <summary>The address that the file is downloaded from.</summary>
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
            return; // the whole file was there already; its hash is checked next
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

    /// <summary>Reads the next bytes. The time limit is for each read, not for the whole file.</summary>
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
