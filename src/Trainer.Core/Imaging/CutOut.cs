using System.Runtime.Intrinsics;

namespace Trainer.Core.Imaging;

/// <summary>Shows only a piece of a picture, as if it had been cut out and laid on a sheet of paper or another picture.</summary>
/// <remarks>
/// The subject turns up in settings that no training photo shows, and a network that has only seen it among its surroundings learns
/// those as well. Done to subject and negatives alike, so that the ground tells nothing. The idea is cut and paste (Dwibedi et al. 2017,
/// <see href="https://arxiv.org/abs/1708.01642"/>), without outlines of the subject: nobody has drawn them.
/// </remarks>
public static class CutOut
{
    private const double LeastArea = 0.15;
    private const double LeastAreaOnPictures = 0.3; // among other things, a small piece may show too little to be told
    private const double MostArea = 0.6;
    private const double LongestAspect = 6;

    /// <summary>Replaces all but a random piece by the ground, in place.</summary>
    /// <param name="pixels">E · E · 3 bytes, RGB.</param>
    /// <param name="edge">E.</param>
    /// <param name="picture">What the piece is laid on, as large; nothing for plain ground.</param>
    public static void Apply(Span<byte> pixels, int edge, CounterRandom random, ReadOnlySpan<byte> picture = default)
    {
        var piece = Piece.Draw(edge, picture.IsEmpty ? LeastArea : LeastAreaOnPictures, ref random);
        var plain = Plain.Draw(edge, ref random);
        for (int y = 0, at = 0; y < edge; y++)
        {
            for (var x = 0; x < edge; x++, at += 3)
            {
                var share = piece.ShareAt(x, y);
                if (share < 1)
                {
                    var ground = picture.IsEmpty ? plain.At(x, y, ref random) : At(picture, at);
                    var bytes = Pixel.Round((At(pixels, at) * share) + (ground * (1 - share)));
                    pixels[at] = (byte)bytes;
                    pixels[at + 1] = (byte)(bytes >> 8);
                    pixels[at + 2] = (byte)(bytes >> 16);
                }
            }
        }
    }

    private static Vector128<float> At(ReadOnlySpan<byte> pixels, int at) => Vector128.Create((float)pixels[at], pixels[at + 1], pixels[at + 2], 0);

    /// <summary>Where the piece is: |u|ᵖ + |v|ᵖ below 1, from an ellipse (p = 2) to nearly a rectangle (8), turned and bent.</summary>
    private readonly record struct Piece(float X, float Y, float Cos, float Sin, float HalfLength, float HalfWidth, float Bend, int Doublings, float Sharpness)
    {
        public static Piece Draw(int edge, double leastArea, ref CounterRandom random)
        {
            var area = random.Next(leastArea, MostArea) * edge * edge / 4;
            var aspect = Math.Exp(random.NextDouble() * Math.Log(LongestAspect));
            var angle = random.Next(0, Math.PI);
            var doublings = random.Next(3);
            var halfWidth = Math.Sqrt(area / aspect);
            var softness = random.Next(0.5, 2.5); // pixels from piece to ground
            return new(
                (float)(random.Next(0.3, 0.7) * edge),
                (float)(random.Next(0.3, 0.7) * edge),
                (float)Math.Cos(angle),
                (float)Math.Sin(angle),
                (float)(halfWidth * aspect),
                (float)halfWidth,
                (float)random.Next(-0.7, 0.7),
                doublings,
                (float)(halfWidth / ((2 << doublings) * softness)));
        }

        /// <summary>0 outside, 1 inside, between them at the edge.</summary>
        public float ShareAt(int x, int y)
        {
            float dx = x - X, dy = y - Y;
            var u = ((Cos * dx) + (Sin * dy)) / HalfLength;
            u *= u;
            var v = (((Cos * dy) - (Sin * dx)) / HalfWidth) + (Bend * u);
            v *= v;
            for (var i = 0; i < Doublings; i++)
            {
                u *= u;
                v *= v;
            }

            return Math.Clamp(0.5f + ((1 - u - v) * Sharpness), 0, 1);
        }
    }

    /// <summary>Mostly light and nearly grey, as paper, tables and walls are; lit from one side; with the grain of a camera.</summary>
    private readonly record struct Plain(Vector128<float> Colour, float SlopeX, float SlopeY, float Grain)
    {
        private const double Paper = 0.75;

        public static Plain Draw(int edge, ref CounterRandom random)
        {
            var paper = random.NextDouble() < Paper;
            double light = random.Next(140, 260), tint = paper ? 15 : 120, angle = random.Next(0, 2 * Math.PI), slope = random.Next(0, 40) / edge;
            light -= paper ? 0 : 100;
            return new(
                Vector128.Create((float)(light + random.Next(-tint, tint)), (float)(light + random.Next(-tint, tint)), (float)(light + random.Next(-tint, tint)), 0),
                (float)(slope * Math.Cos(angle)),
                (float)(slope * Math.Sin(angle)),
                (float)random.Next(0, 8));
        }

        public Vector128<float> At(int x, int y, ref CounterRandom random) =>
            Colour + Vector128.Create((x * SlopeX) + (y * SlopeY) + ((float)random.Next(-1, 1) * Grain));
    }
}
