namespace Trainer.Core.Catalog;

/// <summary>A picture file as the catalog knows it.</summary>
/// <param name="Path">The path to open.</param>
/// <param name="Name">The path relative to the searched folder, with '/' on every system; messages and lists show it.</param>
/// <param name="Length">Size in bytes.</param>
/// <param name="ContentKey">Hash of the content; equal files have equal keys, whatever their names and folders.</param>
public sealed record ImageEntry(string Path, string Name, long Length, ulong ContentKey);
