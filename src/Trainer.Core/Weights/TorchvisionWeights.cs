namespace Trainer.Core.Weights;

/// <summary>Recognises torchvision's public MobileNetV2 (IMAGENET1K_V1) by some of its numbers.</summary>
/// <remarks>
/// Files with the same weights differ: they may be saved again by a newer PyTorch, as safetensors, in float16 or bfloat16, with a prefix,
/// or without the classifier. The samples are from the first layer, which depends on how the input was normalised, and from the last.
/// Weights that were trained further until one of the samples changed aren't recognised, since it isn't known how the input was normalised
/// for that training.
/// </remarks>
internal static class TorchvisionWeights
{
    // Twice the precision of bfloat16, and the smallest steps of float16.
    private const float RelativeTolerance = 1 / 128f;
    private const float Tolerance = 1e-6f;

    /// <summary>For some tensors: the canonical name, the count, and every n-th number from the first one on, with five digits.</summary>
    internal static readonly (string Name, int Count, float[] Numbers)[] Samples =
    [
        ("features.0.0.weight", 864,
            [0.013185f, -0.021906f, 0.0087203f, 0.052242f, 0.026762f, 0.57808f, -0.00024044f, 0.015934f, -0.11151f, 0.059717f, -0.047203f,
                0.044679f]),
        ("features.0.1.running_mean", 32, [0.01142f, 0.076396f, -0.0017522f, 6.3591e-05f, -0.0037423f, 0.041432f, 0.060043f, 0.048363f]),
        ("features.0.1.running_var", 32, [0.070174f, 3.3009f, 0.84828f, 0.23876f, 0.0075634f, 1.5873f, 2.0392f, 1.9059f]),
        ("features.18.0.weight", 409600, [-0.010855f, -0.038188f, -0.070051f, -0.037507f, -0.027163f, 0.024159f, -0.0076847f, 0.033187f]),
    ];

    /// <summary>True when the file contains torchvision's numbers, whatever else is in it.</summary>
    public static bool AreIn(WeightFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Samples.All(sample => file.Tensors.Values.Any(tensor =>
            tensor.Count == sample.Count && tensor.Type.IsFloating() && WeightNames.Canonical(tensor.Name) == sample.Name
            && Agree(tensor.ToSingles(), sample.Numbers)));
    }

    private static bool Agree(float[] numbers, float[] samples)
    {
        var step = numbers.Length / samples.Length;
        return !samples.Where(
            (sample, i) => !(MathF.Abs(numbers[i * step] - sample) <= Tolerance + (RelativeTolerance * MathF.Abs(sample)))).Any();
    }
}
