namespace Trainer.Core.Catalog;

/// <summary>A picture file as the catalog knows it.</summary>
/// <param name="Path">Where to open it.</param>
/// <param name="Name">Path below the folder that was searched, with '/' on every system: what messages and lists show.</param>
/// <param name="Length">Size in bytes.</param>
/// <param name="ContentKey">Hash of the content; equal files have equal keys, wherever they lie and whatever they are called.</param>
public sealed record ImageEntry(string Path, string Name, long Length, ulong ContentKey);
