using System.Text.Json;
using Trainer.Core.Export.Web;
using Xunit;

namespace Trainer.Core.Tests.Export;

public sealed class WebPageTests : IDisposable
{
    private const string Worker = """const version = "VERSION"; const files = ["FILES"];""";
    private static readonly WebGate Gate = new("rice \"IR 8\"", WebPage.Model, 160, 0.6f, 0.95, "fp32", "abc", Offline: true);
    private readonly TemporaryFolder folder = new();
    private readonly string built;
    private readonly string site;

    public WebPageTests()
    {
        built = folder.PathOf("built");
        site = folder.PathOf("site");
        Directory.CreateDirectory(Path.Combine(built, "ort"));
        Directory.CreateDirectory(site);
        File.WriteAllText(Path.Combine(built, "sw.js"), Worker);
        File.WriteAllText(Path.Combine(built, "manifest.webmanifest"), """{ "name": "NAME" }""");
        File.WriteAllText(Path.Combine(built, "index.html"), "<p>");
        File.WriteAllText(Path.Combine(built, "ort", "run.wasm"), "wasm");
        File.WriteAllText(Path.Combine(site, WebPage.Model), "model");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void HoldsTheBuiltFilesTheGateAndItsName()
    {
        WebPage.Find(built).Write(site, Gate);

        Assert.Equal("wasm", Text("ort/run.wasm"));
        Assert.Equal("""{ "name": "rice \"IR 8\"" }""", Text("manifest.webmanifest"));
        var gate = JsonSerializer.Deserialize<JsonElement>(Text("gate.json"));
        Assert.Equal((160, 0.6f), (gate.GetProperty("size").GetInt32(), gate.GetProperty("threshold").GetSingle()));
        Assert.Equal("model", Text(WebPage.Model));
    }

    [Fact]
    public void WorkerKeepsEveryFileButItself()
    {
        WebPage.Find(built).Write(site, Gate);

        Assert.EndsWith("""files = ["gate.json","gate.onnx","index.html","manifest.webmanifest","ort/run.wasm"];""", Text("sw.js"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherModelIsAnotherVersion()
    {
        WebPage.Find(built).Write(site, Gate);
        var first = Text("sw.js");
        WebPage.Find(built).Write(site, Gate);
        var again = Text("sw.js");
        File.WriteAllText(Path.Combine(site, WebPage.Model), "better");
        WebPage.Find(built).Write(site, Gate);

        Assert.Equal(first, again);
        Assert.NotEqual(first, Text("sw.js"));
    }

    [Fact]
    public void FolderOfOtherFilesIsRefusedAndAnEarlierPageIsNot()
    {
        Assert.Throws<TrainerException>(() => WebPage.RequireFreeOrPage(built));
        Assert.Throws<TrainerException>(() => WebPage.RequireFreeOrPage(Path.Combine(built, "index.html")));
        WebPage.RequireFreeOrPage(folder.PathOf("new"));

        WebPage.Find(built).Write(site, Gate);

        WebPage.RequireFreeOrPage(site);
    }

    [Fact]
    public void PageThatIsNotBuiltNamesTheCommand() =>
        Assert.Contains("'scripts/build-web'", Assert.Throws<TrainerException>(() => WebPage.Find(folder.PathOf("nothing"))).Message,
            StringComparison.Ordinal);

    private string Text(string file) => File.ReadAllText(Path.Combine(site, file));
}
