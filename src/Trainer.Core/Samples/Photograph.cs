using NetVips;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples;

/// <summary>Turns a drawing into a JPEG as a camera would, with colour cast, exposure, focus and noise.</summary>
internal static class Photograph
{
    /// <summary>Takes one photograph.</summary>
    /// <param name="svg">The drawing.</param>
    /// <param name="dice">Decides the light, but not what is shown.</param>
    public static byte[] Take(string svg, Dice dice)
    {
        using var drawing = VipsLibrary.OpenOwnDrawing(svg);
        using var opaque = drawing.Flatten(background: [255.0]);
        using var focused = opaque.Gaussblur(dice.Between(0.3, 0.9));
        using var noise = Image.Gaussnoise(opaque.Width, opaque.Height, sigma: dice.Between(1, 6), mean: 0, seed: dice.Seed());
        using var lit = focused.Linear(Gains(dice), Lifts(dice));
        using var noisy = lit + noise;
        using var photo = noisy.Cast(Enums.BandFormat.Uchar);
        return photo.JpegsaveBuffer(q: 85);
    }

    /// <summary>The factors for red, green and blue, as at noon, at dusk, in the shade or under a lamp.</summary>
    private static double[] Gains(Dice dice)
    {
        var exposure = dice.Chance(0.2) ? dice.Between(0.45, 0.75) : dice.Between(0.8, 1.15);
        var warmth = dice.Between(-0.14, 0.18);
        var tint = dice.Between(-0.05, 0.05);
        return [exposure * (1 + warmth), exposure * (1 + tint), exposure * (1 - warmth)];
    }

    /// <summary>What haze and stray light add to each channel, in units of 1/255.</summary>
    private static double[] Lifts(Dice dice)
    {
        var haze = dice.Chance(0.25) ? dice.Between(10, 40) : dice.Between(-6, 6);
        return [haze, haze, haze + dice.Between(-4, 8)];
    }
}
