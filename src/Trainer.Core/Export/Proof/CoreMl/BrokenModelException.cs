namespace Trainer.Core.Export.Proof.CoreMl;

/// <summary>What is wrong inside a Core ML file; whoever opened it adds the file's name.</summary>
internal sealed class BrokenModelException(string what) : Exception(what);
