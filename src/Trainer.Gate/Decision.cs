namespace Trainer.Gates;

/// <summary>A gate's decision about one picture.</summary>
/// <param name="Accepted">True when the picture shows the subject: its similarity is at least the gate's threshold.</param>
/// <param name="Similarity">Cosine of the embedding to the subject's centroid, −1 to 1.</param>
/// <param name="Embedding">
/// The picture's embedding: 512 numbers, a vector of length 1. It can be compared only with embeddings from the same file.
/// </param>
/// <param name="CloserThan">
/// The share of the photos that set the threshold that are farther from the subject than this picture, 0 to 1: 0.12 means "closer than 12
/// of 100 of them". It is easier to understand than a cosine. Null when the file was made from few photos, or by a version without this
/// table.
/// </param>
public sealed record Decision(bool Accepted, float Similarity, ReadOnlyMemory<float> Embedding, float? CloserThan = null);
