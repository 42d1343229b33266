namespace Trainer.Core.Kernels.Filters;

/// <summary>
/// For a filter of three taps along one axis: which inputs each output sees, and which outputs see each input. The padding's zeros are left
/// out.
/// </summary>
internal static class KernelBounds
{
    private const int Kernel = 3;
    private const int Padding = 1;

    /// <summary>How many outputs there are along the axis.</summary>
    public static int Outputs(int inputs, int stride) => ((inputs - 1) / stride) + 1;

    /// <summary>For each output, the inputs that it sees and the tap of each.</summary>
    public static (int Tap, int Other)[][] InputsOf(int inputs, int stride) =>
    [
        .. Enumerable.Range(0, Outputs(inputs, stride)).Select(output => Enumerable.Range(0, Kernel)
            .Select(tap => (tap, Other: (output * stride) + tap - Padding)).Where(pair => pair.Other >= 0 && pair.Other < inputs)
                .ToArray()),
    ];

    /// <summary>For each input, the outputs that see it and the tap of each.</summary>
    public static (int Tap, int Other)[][] OutputsOf(int inputs, int stride)
    {
        var seen = InputsOf(inputs, stride)
            .SelectMany((pairs, output) => pairs.Select(pair => (pair.Tap, Input: pair.Other, Output: output)))
            .ToLookup(pair => pair.Input);
        return [.. Enumerable.Range(0, inputs).Select(input => seen[input].Select(pair => (pair.Tap, pair.Output)).ToArray())];
    }
}
