using Trainer.Core.Catalog;

namespace Trainer.Core.Runs;

/// <summary>The pictures of one folder.</summary>
/// <param name="Name">The option that names the folder, without its dashes.</param>
public sealed record PictureSet(string Name, IReadOnlyList<ImageEntry> Images);
