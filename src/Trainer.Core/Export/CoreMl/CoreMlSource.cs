using Trainer.Core.Export.Rounding;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;

namespace Trainer.Core.Export.CoreMl;

/// <summary>Everything that a Core ML file is made from.</summary>
/// <param name="EightBit">The layers with 8-bit weights, by name; empty for the other precisions.</param>
internal sealed record CoreMlSource(
    FoldedNetwork Network, IReadOnlyDictionary<string, Int8Weights> EightBit, Centroid Centroid, Threshold Threshold, Precision Precision,
    string TrainerVersion, Preprocessing Preprocessing)
{
    /// <summary>Name of the linear layer after the convolutions.</summary>
    public const string Head = WeightRounding.Head;

    /// <summary>Prepares a gate for a precision.</summary>
    /// <param name="calibration">Normalised pixels for rounding, float32 [N, 3, E, E]; called only if weights are rounded.</param>
    public static CoreMlSource Of(
        FoldedNetwork network, Centroid centroid, Threshold threshold, Precision precision, string trainerVersion,
        Preprocessing preprocessing, Func<TorchSharp.torch.Tensor> calibration)
    {
        var rounded = network;
        using var pictures = precision == Precision.Fp32 ? null : calibration();
        IReadOnlyDictionary<string, Int8Weights> eightBit = new Dictionary<string, Int8Weights>();
        if (precision == Precision.Int8)
        {
            (rounded, eightBit) = WeightRounding.ToBytes(network, pictures!); // not null, because it was loaded above
        }
        else if (precision == Precision.Fp16)
        {
            rounded = WeightRounding.ToHalves(network, pictures!);
        }

        return new CoreMlSource(rounded, eightBit, centroid, threshold, precision, trainerVersion, preprocessing);
    }
}
