using System.Runtime.ExceptionServices;
using Trainer.Core.Platform;
using Trainer.Core.Randomness;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples;

/// <summary>Draws the pictures of the quick start, so that a gate can be trained without photos.</summary>
/// <remarks>
/// A picture is a pure function of (seed, kind, index), and its size and light depend only on seed and index. The share of green separates
/// the subject from the rest about as well as for photos of a crop against COCO, but not better; a gate must learn from what the pictures
/// show.
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
    /// <param name="index">Index of the picture within its kind, from 0.</param>
    /// <param name="seed">Another seed gives another set.</param>
    /// <returns>A JPEG with sides of 160 to 240 pixels.</returns>
    public static byte[] Draw(SampleKind kind, int index, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var light = new Dice(new CounterRandom(seed, (ulong)index));
        var svg = Sheet.Pick(light);
        Paint(svg, kind, index, new Dice(new CounterRandom(seed, (ulong)index, (ulong)kind)));
        return Photograph.Take(svg.ToString(), light);
    }

    /// <summary>Draws one picture as large as COCO's, for benchmarks.</summary>
    /// <inheritdoc cref="Draw"/>
    /// <returns>A JPEG of 640x480 pixels.</returns>
    public static byte[] DrawLarge(SampleKind kind, int index, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var svg = new Svg(640, 480);
        Paint(svg, kind, index, new Dice(new CounterRandom(seed, (ulong)index, (ulong)kind)));
        return Photograph.Take(svg.ToString(), new Dice(new CounterRandom(seed, (ulong)index)));
    }

    /// <summary>
    /// Draws a set of pictures as JPEG files, with a folder for each kind. Existing files with the same names are replaced.
    /// </summary>
    /// <param name="folder">The parent folder; made if it doesn't exist.</param>
    /// <param name="counts">How many pictures of each kind to draw.</param>
    /// <param name="seed">The same seed gives the same bytes on the same machine with the same version.</param>
    /// <param name="progress">Called from several threads with the number of pictures written so far.</param>
    /// <param name="cancellation">Cancels between two pictures.</param>
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
            ExceptionDispatchInfo.Throw(first); // a full disk is reported once, however many threads failed
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
