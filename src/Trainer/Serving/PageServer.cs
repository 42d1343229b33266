using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Trainer.Serving;

/// <summary>Serves the files of one folder, and nothing else, until it is stopped.</summary>
/// <param name="Folder">Absolute; no file outside is ever served.</param>
/// <param name="Place">Where it can be reached.</param>
internal sealed record PageServer(string Folder, ServedPlace Place)
{
    private const string Binary = "application/octet-stream";

    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html",
        [".css"] = "text/css",
        [".js"] = "text/javascript",
        [".mjs"] = "text/javascript",
        [".json"] = "application/json",
        [".webmanifest"] = "application/manifest+json",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".wasm"] = "application/wasm",
        [".onnx"] = Binary,
    };

    /// <summary>Serves.</summary>
    /// <param name="started">Told once the page can be opened.</param>
    public void Run(Action started, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(started);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Listen(Place.Listens, Place.Port, listener =>
            {
                if (Place.Certificate is { } certificate)
                {
                    listener.UseHttps(certificate);
                }
            });
        });
        if (Place.Certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.Services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true; // there are no secrets in what is sent
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, Binary];
        });
        builder.Logging.ClearProviders();
        using var app = builder.Build();
        app.UseResponseCompression();
        using var files = new PhysicalFileProvider(Folder);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files, RequestPath = Place.Path });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            RequestPath = Place.Path,
            ContentTypeProvider = new FileExtensionContentTypeProvider(Kinds),
            OnPrepareResponse = response => response.Context.Response.Headers.CacheControl = "no-cache", // the next run's page comes from the same address
        });
        app.Lifetime.ApplicationStarted.Register(started);
        app.RunAsync(stop).GetAwaiter().GetResult();
    }
}
