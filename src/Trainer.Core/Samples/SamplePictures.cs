using System.Runtime.ExceptionServices;
using Trainer.Core.Platform;
using Trainer.Core.Randomness;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples;

/// <summary>Draws the pictures of the quick start, so that a gate can be trained where no photo is at hand.</summary>
/// <remarks>
/// A picture is a pure function of (seed, kind, index). Its size and its light depend on seed and index alone. The share of green tells
/// the subject from the rest about as far as with photos of a crop against COCO, and no further: the rest is in what the pictures show.
/// </remarks>
public static class SamplePictures
{
    private static readonly SampleKind[] Kinds = Enum.GetValues<SampleKind>();

    /// <summary>The name of the folder that <see cref="Write"/> puts a kind into: <c>normal</c>, <c>coco</c> or <c>hard</c>.</summary>
    public static string FolderOf(SampleKind kind) => kind switch
    {
        SampleKind.Normal => "normal",
        SampleKind.Negative => "coco",
        SampleKind.Hard => "hard",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of sample."),
    };

    /// <summary>Draws one picture.</summary>
    /// <param name="kind">What it shows.</param>
    /// <param name="index">Which one of its kind, from 0.</param>
    /// <param name="seed">Another seed gives another set.</param>
    /// <returns>A JPEG of 160 to 240 pixels a side.</returns>
    public static byte[] Draw(SampleKind kind, int index, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var light = new Dice(new CounterRandom(seed, (ulong)index));
        var svg = Sheet.Pick(light);
        Paint(svg, kind, index, new Dice(new CounterRandom(seed, (ulong)index, (ulong)kind)));
        return Photograph.Take(svg.ToString(), light);
    }

    /// <summary>Draws one picture as large as those of COCO, to measure with.</summary>
    /// <inheritdoc cref="Draw"/>
    /// <returns>A JPEG of 640x480 pixels.</returns>
    public static byte[] DrawLarge(SampleKind kind, int index, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var svg = new Svg(640, 480);
        Paint(svg, kind, index, new Dice(new CounterRandom(seed, (ulong)index, (ulong)kind)));
        return Photograph.Take(svg.ToString(), new Dice(new CounterRandom(seed, (ulong)index)));
    }

    /// <summary>Draws a set as JPEG files into a folder for each kind; replaces files of the same names.</summary>
    /// <param name="folder">Made if it isn't there.</param>
    /// <param name="counts">How many of each kind.</param>
    /// <param name="seed">The same seed gives the same bytes, on one machine and version.</param>
    /// <param name="progress">Told the number of pictures written so far; from several threads.</param>
    /// <param name="cancellation">Stops between pictures.</param>
    /// <exception cref="TrainerException">The folder can't be written.</exception>
    public static void Write(
        string folder, SampleCounts counts, ulong seed, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(counts);
        MakeFolders(folder);
        (SampleKind Kind, int Index)[] pictures =
            [.. Kinds.SelectMany(kind => Enumerable.Range(0, counts.Of(kind)).Select(index => (kind, index)))];
        var written = 0;
        try
        {
            Parallel.ForEach(pictures, Parallelism(cancellation), picture =>
            {
                var jpeg = Draw(picture.Kind, picture.Index, seed);
                AtomicFile.Write(PathOf(folder, picture.Kind, picture.Index), stream => stream.Write(jpeg));
                progress?.Report(Interlocked.Increment(ref written));
            });
        }
        catch (AggregateException e) when (e.InnerExceptions[0] is TrainerException first)
        {
            ExceptionDispatchInfo.Throw(first); // one full disk is one error, however many threads met it
        }
    }

    private static ParallelOptions Parallelism(CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };

    private static void Paint(Svg svg, SampleKind kind, int index, Dice dice)
    {
        if (kind == SampleKind.Negative)
        {
            Scenes.SceneList.At(index)(svg, dice);
            return;
        }

        Backgrounds.OfLeaves(svg, dice);
        Plants.At(index)(svg, dice, kind == SampleKind.Normal ? Blades.Sort : BroadLeaves.Sort);
    }

    private static string PathOf(string folder, SampleKind kind, int index) =>
        Path.Combine(folder, FolderOf(kind), $"{FolderOf(kind)}-{index:0000}.jpg");

    private static void MakeFolders(string folder)
    {
        try
        {
            foreach (var kind in Kinds)
            {
                Directory.CreateDirectory(Path.Combine(folder, FolderOf(kind)));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't make the folders of sample pictures in '{folder}': {e.Message} Choose another folder.", e);
        }
    }
}
