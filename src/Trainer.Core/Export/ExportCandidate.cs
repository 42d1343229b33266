using Trainer.Core.Evaluation;

namespace Trainer.Core.Export;

/// <summary>A gate in another format, made but not yet written: that takes the proof first.</summary>
/// <param name="Name">Format and precision, for people: "onnx int8".</param>
/// <param name="Path">Where it will be written.</param>
/// <param name="Bytes">How much will be written.</param>
/// <param name="Gate">Runs it, on one thread, as an app would.</param>
/// <param name="Write">Writes it to the path, atomically.</param>
/// <param name="IsTimed">False when what runs it here says nothing about its speed.</param>
/// <param name="HasOwnHead">True when head and threshold were computed for this file, so that its cosines aren't those of the trained gate.</param>
public sealed record ExportCandidate(string Name, string Path, long Bytes, IPictureGate Gate, Action Write, bool IsTimed = true, bool HasOwnHead = false);
