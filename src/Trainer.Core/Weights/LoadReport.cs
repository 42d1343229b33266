namespace Trainer.Core.Weights;

/// <summary>What <see cref="StateDict.Load"/> did.</summary>
/// <param name="Loaded">How many of the network's tensors were filled from the file.</param>
/// <param name="NotInFile">Names of the network's tensors that aren't in the file; they are unchanged.</param>
/// <param name="NotUsed">
/// Names, as written in the file, of tensors that the network doesn't have, except those of MobileNetV2's last layers, which a gate may
/// not have.
/// </param>
internal sealed record LoadReport(int Loaded, IReadOnlyList<string> NotInFile, IReadOnlyList<string> NotUsed);
