
using Trainer.Core.Evaluation;

namespace Trainer.Core.Scoring;

/// <summary>A gate's result for a picture.</summary>
/// <param name="Judgement">Null when the picture can't be read.</param>
/// <param name="Error">Then the reason.</param>
public readonly record struct ScoredPicture(Judgement? Judgement, string? Error);
