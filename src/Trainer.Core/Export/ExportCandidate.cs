using Trainer.Core.Evaluation;

namespace Trainer.Core.Export;

/// <summary>A gate in another format that is made but not yet written, because it must pass its proof first.</summary>
/// <param name="Name">Format and precision, for people: "onnx int8".</param>
/// <param name="Path">Path that it will be written to.</param>
/// <param name="Bytes">Size in bytes of what will be written.</param>
/// <param name="Gate">Runs the candidate on one thread, as an app would.</param>
/// <param name="Write">Writes the candidate to the path atomically.</param>
/// <param name="IsTimed">False if the code that runs it here says nothing about its speed on a device.</param>
/// <param name="HasOwnHead">
/// True if the head and threshold were computed for this file, so that its cosines differ from those of the trained gate.
/// </param>
public sealed record ExportCandidate(
    string Name, string Path, long Bytes, IPictureGate Gate, Action Write, bool IsTimed = true, bool HasOwnHead = false);
