namespace Trainer.Core.Scoring;

/// <summary>A gate that judges any number of pictures, on all cores.</summary>
public interface IScorer : IDisposable
{
    /// <summary>The cosine from which a picture is accepted.</summary>
    float Threshold { get; }

    /// <summary>The pictures in their order, each with its score or the reason why there is none.</summary>
    /// <param name="pictures">Taken as they are needed: the memory that is used doesn't depend on their number.</param>
    IEnumerable<ScoredPicture> Score(IEnumerable<PictureSource> pictures, CancellationToken cancel = default);
}
