using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Inspection;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;
using Trainer.Core.Wording;

namespace Trainer.Core.Training.Planning;

/// <summary>The pictures of a run, divided into parts.</summary>
/// <param name="Fingerprint">Changes when any picture is added, removed or changed.</param>
public sealed record TrainingData(PartSplit Normals, PartSplit Negatives, string Fingerprint)
{
    private const int FewestNormals = 3;

    /// <summary>Photos of look-alikes, which users confuse with the subject: for each kind, divided into parts.</summary>
    public IReadOnlyList<NamedParts> LookAlikes { get; init; } = [];

    /// <summary>Every picture that can be read, under the option that names its folder.</summary>
    public IReadOnlyList<PictureSet> Sets { get; init; } = [];

    /// <summary>Checks that each folder exists and holds files with names of pictures, before a download or a minute of decoding.</summary>
    /// <exception cref="TrainerException">A folder doesn't exist or holds no such files.</exception>
    public static void RequireFolders(TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Array.ForEach([.. new[] { options.Normal, options.Coco, options.ValidNormal, options.ValidCoco }.Concat(options.Negative.Values)
            .OfType<string>()], ImageFolder.Require);
    }

    /// <summary>Lists the folders, decodes each picture once to find near-duplicates, and splits the pictures into parts.</summary>
    /// <param name="reader">Reads the pictures, and may cache them for training.</param>
    /// <param name="threads">Number of pictures decoded at the same time.</param>
    /// <param name="skipped">Receives the files that can't be read.</param>
    /// <param name="tell">Called with the progress, and with the number of different pictures in each folder.</param>
    /// <exception cref="TrainerException">A folder is missing or empty, or there are too few pictures to split.</exception>
    public static TrainingData Scan(
        TrainingOptions options, CachedReader reader, int threads, SkippedFiles skipped, Action<TrainingEvent> tell,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(skipped);
        ArgumentNullException.ThrowIfNull(tell);
        var folders = new List<ReadFolder>();
        var (normals, normalGroups) = Images("--normal", SetRole.Normal, options.Normal);
        var (negatives, negativeGroups) = Images("--coco", SetRole.Negative, options.Coco);
        if (normals.Count < FewestNormals)
        {
            throw new TrainerException(
                $"'{options.Normal}' holds {Counted.Of(normals.Count, "picture")} that can be read; at least {FewestNormals} are needed to "
                + "train, "
                + "calibrate and test, and 100 or more to trust the result.");
        }

        List<PictureSet> sets = [new("normal", normals), new("coco", negatives)];
        NamedParts[] lookAlikes = [.. options.Negative.Select(folder => LookAlikes(folder.Key, folder.Value))];
        var data = new TrainingData(
            options.ValidNormal is { } folder ? WithValidation(normals, "valid-normal", SetRole.Normal, folder)
            : PartSplit.ByContent(normals, normalGroups, PartSplit.MostHeldOut),
            options.ValidCoco is { } coco ? WithValidation(negatives, "valid-coco", SetRole.Negative, coco)
            : PartSplit.ByContent(negatives, negativeGroups, PartSplit.MostHeldOut),
            DataFingerprint.Of(sets.Select(set => set.Images)))
        {
            Sets = sets,
            LookAlikes = lookAlikes,
        };
        Overlaps.Tell(folders, text => tell(new Notice(text)));
        return data;

        NamedParts LookAlikes(string name, string path)
        {
            var (images, groups) = Images($"--negative {name}", SetRole.Negative, path);
            sets.Add(new($"negative {name}", images));
            return new(name, PartSplit.ByContent(images, groups, PartSplit.MostHeldOut));
        }

        PartSplit WithValidation(IReadOnlyList<ImageEntry> train, string name, SetRole role, string path)
        {
            var (validation, groups) = Images($"--{name}", role, path);
            sets.Add(new(name, validation));
            return PartSplit.WithValidation(train, validation, groups);
        }

        (IReadOnlyList<ImageEntry> Images, int[]? Groups) Images(string option, SetRole role, string path)
        {
            var scan = ImageFolder.Scan(path);
            foreach (var file in scan.Skipped)
            {
                skipped.Add(file);
            }

            void Report(int done) => tell(new Working($"reading {path}", done, scan.Images.Count));
            var (images, sketches) =
                Duplicates.Find(scan.Images, reader, options.Preprocessing.TrainingShorterSide, threads, skipped, Report, cancel);
            folders.Add(new(option, path, role, scan.Images.Count + scan.Skipped.Count, images, sketches));
            var groups = sketches is null ? null : Copies.Groups(sketches);
            tell(new DuplicatesFound(path, images.Count, groups?.Distinct().Count()));
            return images.Count > 0
                ? (images, groups)
                : throw new TrainerException(
                    $"None of the pictures in '{path}' can be read ({Counted.Of(scan.Images.Count, "file")}). The reasons are listed "
                    + "above.");
        }
    }
}
