namespace Trainer.Core.Training;

/// <summary>Edge of the training pictures as a pure function of the epoch: small at first, full size at the end.</summary>
/// <remarks>
/// A picture of 64x64 costs a quarter of one of 128x128, and weights that start at random learn the coarse from it as well. As in
/// progressive resizing (Howard 2018, <see href="https://www.fast.ai/posts/2018-04-30-dawnbench-fastai.html"/>; Tan and Le 2021, EfficientNetV2).
/// </remarks>
public static class PictureSize
{
    /// <summary>Of 128: 64 for two thirds of the small ones' epochs, 96 for the last third, then 128. Of another edge the multiples of 32 below its half and its three quarters.</summary>
    /// <param name="epoch">0-based.</param>
    /// <param name="smallFirst">Share of the epochs that show small pictures, 0 to 1.</param>
    /// <param name="edge">The full size.</param>
    public static int At(int epoch, int epochs, double smallFirst, int edge) => epoch switch
    {
        _ when epoch == epochs - 1 => edge, // a network that never saw the size it is used at knows nothing
        _ when epoch < epochs * smallFirst * 2 / 3 => edge / 64 * 32,
        _ when epoch < epochs * smallFirst => edge * 3 / 128 * 32,
        _ => edge,
    };
}
