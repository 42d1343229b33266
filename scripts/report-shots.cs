#:property RestorePackagesWithLockFile=false
#:property EnforceCodeStyleInBuild=false
#:property GenerateDocumentationFile=false
#:property TreatWarningsAsErrors=false
#:property PublishAot=false
// scripts/report-shots REPORT.html... --out DIR [--height PIXELS] [--only SELECTOR] [--scale 1]
// Takes a screenshot of each page at phone (360) and desktop (1200) width, in light and dark, and as printed: NAME-phone-light.png and so
// on. With --only
// it takes just the selected element, with --height just the top. Fails if a page logs an error, requests anything from the network, or is
// wider than its window. Uses the program "chromium" in the path, or the one that $CHROMIUM names.
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;
var pages = args.TakeWhile(a => !a.StartsWith("--")).ToArray();
if (pages.Length == 0 || Option("--out") is not { } outFolder)
{
    Console.Error.WriteLine("scripts/report-shots REPORT.html... --out DIR [--height PIXELS] [--only SELECTOR] [--scale 1]");
    return 1;
}

var folder = Directory.CreateDirectory(outFolder).FullName;
var scale = double.Parse(Option("--scale") ?? "1");
(string Name, int Width, string Scheme, string Media)[] views =
[
    ("phone-light", 360, "light", "screen"), ("phone-dark", 360, "dark", "screen"),
    ("desktop-light", 1200, "light", "screen"), ("desktop-dark", 1200, "dark", "screen"),
    ("print", 760, "dark", "print"),
];

var profile = Directory.CreateTempSubdirectory("report-shots-");
using var chromium = Process.Start(new ProcessStartInfo(
    Environment.GetEnvironmentVariable("CHROMIUM") ?? "chromium",
    ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-port=0",
        $"--user-data-dir={profile.FullName}", "about:blank"])
{
    RedirectStandardError = true,
    RedirectStandardOutput = true,
})!;
var complaints = new List<string>();
try
{
    using var browser = await Browser.Connect(chromium);
    foreach (var page in pages)
    {
        foreach (var view in views)
        {
            var file = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(page)}-{view.Name}.png");
            await Shoot(browser, Path.GetFullPath(page), view, file);
            Console.WriteLine($"{file}  {new FileInfo(file).Length / 1024} kB");
        }
    }
}
finally
{
    chromium.Kill(entireProcessTree: true);
    chromium.WaitForExit();
    try { profile.Delete(recursive: true); } catch (
        IOException) { /* Chromium's children may still write; it lies in the temporary folder */ }
}

complaints.ForEach(Console.Error.WriteLine);
return complaints.Count == 0 ? 0 : 1;

async Task Shoot(Browser browser, string page, (string Name, int Width, string Scheme, string Media) view, string file)
{
    void Complain(string what) => complaints.Add($"{Path.GetFileName(page)} {view.Name}: {what}");
    var url = new Uri(page).AbsoluteUri;
    browser.Events.Clear();
    await browser.Send(
        "Emulation.setDeviceMetricsOverride",
        new { width = view.Width, height = 800, deviceScaleFactor = scale, mobile = view.Width < 500 });
    await browser.Send(
        "Emulation.setEmulatedMedia",
        new { media = view.Media, features = new[] { new { name = "prefers-color-scheme", value = view.Scheme } } });
    await browser.Send("Page.navigate", new { url });
    await browser.Until("Page.loadEventFired");
    var measured = await browser.Send("Runtime.evaluate", new
    {
        expression = "JSON.stringify({w: document.documentElement.scrollWidth, h: document.documentElement.scrollHeight, r: "
            + $"(e => e ? [e.x, e.y, e.width, e.height] : "
                + $"null)(document.querySelector({JsonSerializer.Serialize(Option("--only") ?? "body")})?.getBoundingClientRect())}})",
    });
    var sizes = JsonNode.Parse(measured["result"]!["value"]!.ToString())!;
    if ((int)sizes["w"]! > view.Width)
    {
        Complain($"is {sizes["w"]} pixels wide");
    }

    var box = Option("--only") is null ? [0, 0, view.Width, (double)sizes["h"]!]
        : sizes["r"]?.AsArray().Select(n => (double)n!).ToArray() ?? throw new ArgumentException("Nothing is what --only names.");
    var height = Option("--height") is { } most ? Math.Min(double.Parse(most), box[3]) : box[3];
    const double Margin = 16;
    var clip = Option("--only") is null
        ? new { x = 0.0, y = 0.0, width = box[2], height, scale = 1 }
        : new { x = Math.Max(box[0] - Margin, 0), y = box[1] - Margin, width = Math.Min(box[2] + (2 * Margin), view.Width),
            height = height + (2 * Margin), scale = 1 };
    var shot = await browser.Send("Page.captureScreenshot", new { format = "png", captureBeyondViewport = true, clip });
    await File.WriteAllBytesAsync(file, Convert.FromBase64String(shot["data"]!.ToString()));
    foreach (var (method, detail) in browser.Events)
    {
        switch (method)
        {
            case "Log.entryAdded" when detail["entry"]!["level"]!.ToString() is "error" or "warning":
                Complain(detail["entry"]!["text"]!.ToString());
                break;
            case "Runtime.exceptionThrown":
                Complain(detail["exceptionDetails"]!["text"]!.ToString());
                break;
            case "Runtime.consoleAPICalled":
                Complain($"console.{detail["type"]}");
                break;
            case "Network.requestWillBeSent" when detail["request"]!["url"]!.ToString() is var asked && asked != url
                && !asked.StartsWith("data:"):
                Complain($"asks for {asked}");
                break;
        }
    }
}

/// <summary>One tab, controlled by the DevTools protocol.</summary>
sealed class Browser(ClientWebSocket socket) : IDisposable
{
    private int sent;

    public List<(string Method, JsonNode Detail)> Events { get; } = [];

    public static async Task<Browser> Connect(Process chromium)
    {
        string? address = null;
        while (address is null)
        {
            var line = await chromium.StandardError.ReadLineAsync() ?? throw new IOException("Chromium ended before a connection could be "
                + "made.");
            address = Regex.Match(line, @"ws://([^/]+)/") is { Success: true } match ? match.Groups[1].Value : null;
        }

        _ = chromium.StandardError.ReadToEndAsync(); // otherwise its pipe fills up
        using var http = new HttpClient();
        var tabs = JsonNode.Parse(await http.GetStringAsync($"http://{address}/json"))!.AsArray();
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(
            new Uri(tabs.First(tab => tab!["type"]!.ToString() == "page")!["webSocketDebuggerUrl"]!.ToString()), default);
        var browser = new Browser(socket);
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
        {
            await browser.Send($"{domain}.enable", new { });
        }

        return browser;
    }

    public async Task<JsonNode> Send(string method, object parameters)
    {
        var id = ++sent;
        await socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters }), WebSocketMessageType.Text, true, default);
        while (true)
        {
            var message = await Receive();
            if ((int?)message["id"] == id)
            {
                return message["result"] ?? throw new IOException($"{method}: {message["error"]}");
            }
        }
    }

    public async Task Until(string method)
    {
        while (Events.All(happened => happened.Method != method))
        {
            await Receive();
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task<JsonNode> Receive()
    {
        var buffer = new byte[1 << 16];
        using var text = new MemoryStream();
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, default);
            text.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        var message = JsonNode.Parse(Encoding.UTF8.GetString(text.ToArray()))!;
        if (message["method"] is { } happened)
        {
            Events.Add((happened.ToString(), message["params"]!));
        }

        return message;
    }
}
