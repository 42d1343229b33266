namespace Trainer.Gates;

/// <summary>What a gate makes of one picture.</summary>
/// <param name="Accepted">True when the picture shows the subject: its similarity is at least the gate's threshold.</param>
/// <param name="Similarity">Cosine of the embedding to the subject's centroid, −1 to 1.</param>
/// <param name="Embedding">The picture in the network's own terms: a vector of length 1, 512 numbers. Comparable only with embeddings of the same file.</param>
/// <param name="CloserThan">
/// Share of the subject's photos, of those that set the threshold, that lie farther from it: 0.12 is "closer than 12 of 100 of them". For people, whom a cosine tells
/// little. 0 to 1; null where the file was made from few photos, or before this was known.
/// </param>
public sealed record Decision(bool Accepted, float Similarity, ReadOnlyMemory<float> Embedding, float? CloserThan = null);
