using TorchSharp;

namespace Trainer.Core.Platform;

/// <summary>The machine that a run's numbers come from, for options.json.</summary>
/// <param name="Processor">See <see cref="Platform.Processor.Name"/>.</param>
/// <param name="VectorBits">See <see cref="Platform.Processor.VectorBits"/>.</param>
/// <param name="OneDnn">See <see cref="TorchCheck.OneDnn"/>.</param>
/// <param name="WorstDeviation">See <see cref="TorchCheck.WorstDeviation"/>.</param>
/// <param name="Avoided">See <see cref="TorchCheck.Avoided"/>.</param>
public sealed record Machine(string Processor, int VectorBits, string OneDnn, double WorstDeviation, string? Avoided)
{
    /// <summary>This machine. <see cref="TorchRuntime.Prepare"/> must have returned the device.</summary>
    public static Machine With(torch.Device device)
    {
        var check = TorchRuntime.CheckOf(device);
        return new(Platform.Processor.Name, Platform.Processor.VectorBits, check.OneDnn, check.WorstDeviation, check.Avoided);
    }
}
