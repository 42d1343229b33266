using System.Text.Json.Nodes;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Runs.Options;
using Xunit;

namespace Trainer.Core.Tests.Runs.Options;

public sealed class OptionsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void CommandLineWinsOverFileAndFileOverDefaults()
    {
        var file = Read("""{ "epochs": 3, "batch": 4 }""");
        var commandLine = Given("""{ "epochs": 7 }""");

        var options = OptionsFile.Resolve(file, commandLine);

        Assert.Equal(7, options.Epochs);
        Assert.Equal(4, options.Batch);
        Assert.Equal(OptionsFile.Resolve(Given("{}")).Margin, options.Margin);
    }

    [Fact]
    public void EveryValueIsReadUnderItsOwnName()
    {
        var options = OptionsFile.Resolve(Given("""
            {
              "validNormal": "v", "validCoco": "w", "saveInterval": 2, "classLr": 0.5, "optimizer": "sgd", "momentum": 0.1, "weightDecay": 0.2,
              "schedule": "constant", "augmentation": "none", "featuresLr": 0.3, "trainedShare": 0.4, "gate": "centroid", "clusters": 7, "loss": "sub-center", "accept": 0.9, "weights": "x.pth", "weightsInput": "imagenet", "seed": 12345678901, "device": "cpu", "threads": 2
            }
            """));

        var expected = new TrainingOptions
        {
            Normal = "rice",
            Coco = "coco",
            Out = "out",
            ValidNormal = "v",
            ValidCoco = "w",
            SaveInterval = 2,
            FeaturesLr = 0.3,
            ClassLr = 0.5,
            Optimizer = OptimizerKind.Sgd,
            Momentum = 0.1,
            WeightDecay = 0.2,
            TrainedShare = 0.4,
            Gate = GateKind.Centroid,
            Clusters = 7,
            Loss = LossKind.SubCenter,
            Schedule = Schedule.Constant,
            Augmentation = AugmentationMode.None,
            Accept = 0.9,
            Weights = "x.pth",
            WeightsInput = WeightsInput.Imagenet,
            Seed = 12345678901,
            Device = "cpu",
            Threads = 2,
        };
        Assert.Equal(OptionsFile.Layer(expected).ToJsonString(), OptionsFile.Layer(options).ToJsonString());
    }

    [Theory]
    [InlineData("article.json")]
    [InlineData("smoke.json")]
    public void NamedRunsOfTheProjectAreValid(string name)
    {
        var file = OptionsFile.Read(Path.Combine(Repository.Root, "configs", name));

        _ = OptionsFile.Resolve(file, Given("{}"));
    }

    [Theory]
    [InlineData("""{ "epoch": 3 }""", "There is no option 'epoch'. Did you mean 'epochs'? Known: normal, coco,")]
    [InlineData("""{ "save-interval": 3 }""", "There is no option 'save-interval'. Did you mean 'saveInterval'?")]
    [InlineData("""{ "Margin": 3 }""", "There is no option 'Margin'. Did you mean 'margin'?")]
    [InlineData("""{ "temperature": 3 }""", "There is no option 'temperature'. Known: normal, coco,")]
    [InlineData("""{ "epochs": "many" }""", "The option 'epochs' can't be \"many\". Expected a whole number.")]
    [InlineData("""{ "epochs": 2.5 }""", "The option 'epochs' can't be 2.5. Expected a whole number.")]
    [InlineData("""{ "epochs": 1e10 }""", "The option 'epochs' can't be 1e10. Expected a whole number.")]
    [InlineData("""{ "epochs": null }""", "The option 'epochs' can't be null. Expected a whole number.")]
    [InlineData("""{ "lr": "fast" }""", "The option 'lr' can't be \"fast\". Expected a number.")]
    [InlineData("""{ "lr": null }""", "--lr is NaN; it must be above 0, at most 100.")]
    [InlineData("""{ "device": 1 }""", "The option 'device' can't be 1. Expected text.")]
    [InlineData("""{ "device": null }""", "The option 'device' can't be null. Expected text.")]
    [InlineData("""{ "normal": null }""", "The option 'normal' can't be null. Expected text.")]
    [InlineData("""{ "optimizer": "adam" }""", "The option 'optimizer' can't be \"adam\". Expected one of: sgd, adamw.")]
    [InlineData("""{ "optimizer": 7 }""", "The option 'optimizer' can't be 7. Expected one of: sgd, adamw.")]
    [InlineData("""{ "optimizer": "7" }""", "The option 'optimizer' can't be \"7\". Expected one of: sgd, adamw.")]
    [InlineData("""{ "schedule": [] }""", "The option 'schedule' can't be []. Expected one of: constant, cosine.")]
    [InlineData("""{ "augmentation": "flip" }""",
        "The option 'augmentation' can't be \"flip\". Expected one of: none, crop-and-flip, full.")]
    [InlineData("""{ "scale": "wide" }""", "The option 'scale' can't be \"wide\". Expected a number.")]
    [InlineData("""{ "lossScale": 4 }""", "There is no option 'lossScale'.")]
    [InlineData("""{ "loss": "cosface" }""", "The option 'loss' can't be \"cosface\". Expected one of: arcface, sub-center, hsc, bce.")]
    [InlineData("""{ "margin": 200 }""", "--margin is 200; it must be from 0 to 90 degrees")]
    public void UnknownNamesAndValuesAreNamedWithWhatIsExpected(string json, string message)
    {
        var error = Assert.Throws<TrainerException>(() => OptionsFile.Resolve(Given("{}"), Read(json)));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "coco": "c", "out": "o" }""", "Missing: --normal.")]
    [InlineData("""{ "out": "o" }""", "Missing: --normal, --coco.")]
    [InlineData("{}", "Missing: --normal, --coco, --out.")]
    public void WhatHasNoDefaultIsAskedFor(string json, string message)
    {
        var error = Assert.Throws<TrainerException>(() => OptionsFile.Resolve(Read(json)));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void CommentsAndTrailingCommasAreAllowed()
    {
        var file = Read("""
            {
              // a short one
              "epochs": 3, /* for tests */
            }
            """);

        Assert.Equal(3, OptionsFile.Resolve(file, Given("{}")).Epochs);
    }

    [Theory]
    [InlineData("epochs = 3", "isn't valid JSON")]
    [InlineData("", "isn't valid JSON")]
    [InlineData("""{ "epochs": 3, "epochs": 4 }""", "isn't valid JSON")]
    [InlineData("[3]", "isn't a JSON object. Expected something like { \"epochs\": 21, \"lr\": 0.001 }.")]
    [InlineData("null", "isn't a JSON object.")]
    public void WhatIsNoJsonObjectIsRefused(string content, string message)
    {
        var error = Assert.Throws<TrainerException>(() => Read(content));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFileIsRefused() => AssertUnreadable(folder.PathOf("nothing.json"));

    [Fact]
    public void FolderIsRefused() => Assert.EndsWith("it is a folder.", AssertUnreadable(folder.Root), StringComparison.Ordinal);

    [Fact]
    public void LargeFileIsRefused()
    {
        var path = folder.Write("large.json", new byte[(1 << 20) + 1]);

        var error = Assert.Throws<TrainerException>(() => OptionsFile.Read(path));

        Assert.Contains("larger than 1 MB", error.Message, StringComparison.Ordinal);
    }

    private static string AssertUnreadable(string path)
    {
        var error = Assert.Throws<TrainerException>(() => OptionsFile.Read(path));

        Assert.StartsWith($"Can't read the configuration '{path}'", error.Message, StringComparison.Ordinal);
        return error.Message;
    }

    /// <summary>The options of a command line: those without a default, and those in the JSON.</summary>
    private static JsonObject Given(string json)
    {
        var given = JsonNode.Parse("""{ "normal": "rice", "coco": "coco", "out": "out" }""")!.AsObject(); // no null literal
        foreach (var (name, value) in JsonNode.Parse(json)!.AsObject()) // nor here
        {
            given[name] = value?.DeepClone();
        }

        return given;
    }

    private JsonObject Read(string json) => OptionsFile.Read(folder.Write("config.json", System.Text.Encoding.UTF8.GetBytes(json)));
}
