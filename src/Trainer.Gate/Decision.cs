namespace Trainer.Gates;

/// <summary>What a gate makes of one picture.</summary>
/// <param name="Accepted">True when the picture shows the subject: its similarity is at least the gate's threshold.</param>
/// <param name="Similarity">Cosine of the embedding to the subject's centroid, −1 to 1.</param>
/// <param name="Embedding">The picture in the network's own terms: a vector of length 1, 512 numbers. Comparable only with embeddings of the same file.</param>
public sealed record Decision(bool Accepted, float Similarity, ReadOnlyMemory<float> Embedding);
