namespace Trainer.Gates;

/// <summary>A gate's decision about one picture.</summary>
/// <param name="Accepted">True when the picture shows the subject: its similarity is at least the gate's threshold.</param>
/// <param name="Similarity">Cosine of the embedding to the subject's centroid, −1 to 1.</param>
/// <param name="Embedding">
/// The picture's embedding: 512 numbers, a vector of length 1. It can be compared only with embeddings from the same file.
/// </param>
public sealed record Decision(bool Accepted, float Similarity, ReadOnlyMemory<float> Embedding);
