using System.Text.Json;
using Trainer.Core.Platform;
using Trainer.Core.Runs.Options;
using Xunit;

namespace Trainer.Core.Tests.Runs.Options;

public sealed class SavedOptionsTests
{
    private static readonly TrainingOptions Some =
        new() { Normal = "Reis ü", Coco = "c", Out = "o", ValidCoco = "v", Epochs = 7, Accept = 0.9, Lr = 1e-5, Loss = LossKind.SubCenter };

    [Fact]
    public void WhatIsSavedIsUnderstood()
    {
        var read = Read(SavedOptions.Of(Some).ToString());

        Assert.Equal(OptionsFile.Layer(Some).ToJsonString(), OptionsFile.Layer(read.Understand()).ToJsonString());
        Assert.Equal(("Reis ü", "c", null, "v", 7, 0.9),
            (read.Normal, read.Coco, read.ValidNormal, read.ValidCoco, read.Epochs, read.Accept));
        Assert.Empty(read.Missing);
    }

    [Fact]
    public void OptionsOfAnotherVersionAreKeptAsTheyAre()
    {
        const string Json = """{"normal":"n","coco":"c","precision":"full","loss":"triplet","epochs":"many","accept":7}""";

        var read = Read(Json);

        Assert.Equal(Json, read.ToString());
        Assert.Equal((0, 0.95), (read.Epochs, read.Accept)); // unreadable values count as missing
        Assert.Contains("batch", read.Missing);
    }

    [Theory]
    [InlineData("""{"normal":"n","coco":"c","out":"o","precision":"full","speed":2}""",
        "It was begun with options that no longer exist: precision, speed.")]
    [InlineData("""{"normal":"n","coco":"c","out":"o","loss":"triplet"}""",
        "The option 'loss' can't be \"triplet\". Expected one of: arcface, sub-center, hsc, bce.")]
    public void ResumeHasToUnderstandAll(string json, string message) =>
        Assert.Equal(message, Assert.Throws<TrainerException>(Read(json).Understand).Message);

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"normal":"n","coco":3}""")]
    public void WithoutFoldersItIsNoneOfOurs(string json) => Assert.Throws<JsonException>(() => Read(json));

    private static SavedOptions Read(string json) => JsonSerializer.Deserialize<SavedOptions>(json, Json.Indented)!; // no null literal
}
