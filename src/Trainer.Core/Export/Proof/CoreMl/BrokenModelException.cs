namespace Trainer.Core.Export.Proof.CoreMl;

/// <summary>An error inside an exported file. The code that opened the file adds its name.</summary>
internal sealed class BrokenModelException(string what) : Exception(what);
