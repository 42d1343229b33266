using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Trainer.Serving;

/// <summary>Serves only the files of one folder, until it is stopped.</summary>
/// <param name="Folder">Absolute path of the folder; no file outside it is ever served.</param>
/// <param name="Place">The address and the path of the page.</param>
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

    /// <summary>Serves the page.</summary>
    /// <param name="started">Called once the page can be opened.</param>
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
            compression.EnableForHttps = true; // safe, because nothing secret is sent
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
            // Because the next run's page is served from the same address.
            OnPrepareResponse = response => response.Context.Response.Headers.CacheControl = "no-cache",
        });
        app.Lifetime.ApplicationStarted.Register(started);
        app.RunAsync(stop).GetAwaiter().GetResult();
    }
}
