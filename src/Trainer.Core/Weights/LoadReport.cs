namespace Trainer.Core.Weights;

/// <summary>What <see cref="StateDict.Load"/> did.</summary>
/// <param name="Loaded">How many tensors of the network were filled from the file.</param>
/// <param name="NotInFile">The network's names that the file lacks; those tensors stay as they were.</param>
/// <param name="NotUsed">The file's names, as it writes them, that the network lacks; without the layers of a whole MobileNetV2 that a gate has no use for.</param>
internal sealed record LoadReport(int Loaded, IReadOnlyList<string> NotInFile, IReadOnlyList<string> NotUsed);
