using System.Text.Json;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using static TorchSharp.torch;

namespace Trainer.Core.Tests;

/// <summary>Results of the reference in Golden/, made once by the program that Golden/README.md names.</summary>
public static class GoldenFiles
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);

    public static JsonElement Json(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(name)));
        return document.RootElement.Clone();
    }

    public static WeightFile Tensors(string name) => SafetensorsFile.Read(PathOf(name));

    /// <summary>A tensor of the file, on the CPU.</summary>
    public static Tensor Tensor(this WeightFile file, string name) => StateDict.ToTensor(file.Tensors[name]);
}
