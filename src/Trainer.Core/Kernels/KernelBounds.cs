namespace Trainer.Core.Kernels;

/// <summary>Along one axis: which inputs an output of a filter of three sees, and which outputs see an input. Zeros outside are left out.</summary>
internal static class KernelBounds
{
    private const int Kernel = 3;
    private const int Padding = 1;

    /// <summary>Outputs along the axis.</summary>
    public static int Outputs(int inputs, int stride) => ((inputs - 1) / stride) + 1;

    /// <summary>For each output, its inputs and the tap that each meets.</summary>
    public static (int Tap, int Other)[][] InputsOf(int inputs, int stride) =>
    [
        .. Enumerable.Range(0, Outputs(inputs, stride)).Select(output => Enumerable.Range(0, Kernel)
            .Select(tap => (tap, Other: (output * stride) + tap - Padding)).Where(meeting => meeting.Other >= 0 && meeting.Other < inputs).ToArray()),
    ];

    /// <summary>For each input, its outputs and the tap by which each sees it.</summary>
    public static (int Tap, int Other)[][] OutputsOf(int inputs, int stride)
    {
        var seen = InputsOf(inputs, stride).SelectMany((meetings, output) => meetings.Select(meeting => (meeting.Tap, Input: meeting.Other, Output: output)))
            .ToLookup(meeting => meeting.Input);
        return [.. Enumerable.Range(0, inputs).Select(input => seen[input].Select(meeting => (meeting.Tap, meeting.Output)).ToArray())];
    }
}
