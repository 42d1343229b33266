using Trainer.Core.Evaluation;

namespace Trainer.Core.Scoring;

/// <summary>What a gate makes of a picture.</summary>
/// <param name="Judgement">Null when the picture can't be read.</param>
/// <param name="Doubt">Why nobody could tell what it shows, in words; null of ordinary pictures.</param>
/// <param name="Error">Why it can't be read, else null.</param>
/// <param name="Embedding">Unit length, [D]; empty where the gate gives none.</param>
public readonly record struct ScoredPicture(Judgement? Judgement, string? Doubt, string? Error, ReadOnlyMemory<float> Embedding = default);
