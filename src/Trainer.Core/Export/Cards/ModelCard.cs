using System.Globalization;
using Trainer.Core.Evaluation;
using Trainer.Core.Export.Proof;
using Trainer.Core.Imaging;
using Trainer.Core.Metrics;
using Trainer.Core.Networks;
using Trainer.Core.Runs;
using Trainer.Core.Wording;

namespace Trainer.Core.Export.Cards;

/// <summary>The text of model-card.md: what a developer should know before an app depends on the gate.</summary>
/// <remarks>
/// Follows Mitchell et al. 2019, Model Cards for Model Reporting, <see href="https://arxiv.org/abs/1810.03993"/>, as far as a run has the
/// facts.
/// </remarks>
internal static class ModelCard
{
    /// <summary>The heading of the last section, the only one that people write themselves.</summary>
    internal const string LicenceHeading = "\n## Licence\n";

    private const string Coco = "coco";

    /// <summary>The licence section of a new card.</summary>
    internal const string UnknownLicence = """

        Not stated yet: say here under which licence you pass this model on. Photos and start weights have licences of their own. The next export keeps what you write here, and renews all the rest.

        """;

    /// <summary>The text of the card.</summary>
    /// <param name="licence">The text below the last heading.</param>
    public static string Text(CardFacts facts, string licence = UnknownLicence)
    {
        ArgumentNullException.ThrowIfNull(facts);
        string[] sections = [Purpose(facts), Figures(facts), LookAlikes(facts), Data(facts), Files(facts), Limits(facts), Versions(facts)];
        return string.Join("\n", sections) + LicenceHeading + licence;
    }

    private static string Purpose(CardFacts facts) => $"""
        # Model card: {Plain(facts.Subject)}

        This gate accepts photos of one subject, {Plain(facts.Subject)}, and rejects all others. It is made to stand in front of something that only makes sense for that subject. It doesn't say what else a photo shows.

        A photo is accepted when its similarity to the subject (a cosine, −1 to 1) is at least {Number(facts.Gate.Threshold.Cosine, "0.0000")}. What that promises, for photos like those that it was set by: {facts.Gate.Threshold.Promise}

        """;

    private static string Figures(CardFacts facts) => facts.Test.Count == 0
        ? """
            ## How well it works

            Not measured: the run's test photos were not all there when it was exported.

            """
        : $"""
            ## How well it works

            Measured with the trained gate, on photos that its training never saw.{(facts.IsClosedForm ? " Its head is computed from all photos of the subject; each of them was judged here by a head without it." : "")} In brackets: where the figure lies for photos like these, with 95 % confidence.

            | test photos | accepted | | AUROC against the subject |
            |---|---|---|---|
            {string.Join("\n", facts.Test.Select(Row))}

            AUROC: how often a photo of the subject is more similar than one of the others. 0.5 is chance, 1 is perfect. Its bounds come from drawing these photos anew, so where all are told apart they have no width.

            """;

    private static string LookAlikes(CardFacts facts)
    {
        var tested = facts.Test.Where(set => set.Role == SetRole.Negative && set.Name != Coco).Select(set => Plain(set.Name)).ToArray();
        var untested = facts.UntestedLookAlikes.Select(Plain).ToArray();
        return $"""
            ## Look-alikes

            - Tested: {(tested.Length == 0 ? "none" : $"{string.Join(", ", tested)}. The gate was made with other photos of {(tested.Length == 1 ? "this kind" : "these kinds")}")}.
            - Not tested: {(untested.Length == 0 ? "" : $"{string.Join(", ", untested)}, which the gate was made with; and ")}{(tested.Length + untested.Length == 0 ? "any" : "every kind that isn't named here")}. What looks like the subject gets through more often than ordinary photos do. Ask what your users will confuse with it, and measure that: `trainer eval --run R --negative NAME=DIR`.

            """;
    }

    private static string Data(CardFacts facts) => $"""
        ## Data

        | photos | training | calibration | test |
        |---|---|---|---|
        | the subject | {Counts(facts.Run.Normals)} |
        | ordinary photos | {Counts(facts.Run.Negatives)} |

        The threshold was set by {Counted.Of(facts.Gate.Threshold.CalibrationCount, "photo")} of the subject. {(facts.KnownLookAlikes.Any() ? $"Look-alikes come on top: {string.Join(", ", facts.KnownLookAlikes.Select(Plain))}. " : "")}{(facts.LeftOut == 0 ? "No file was left out" : $"{Counted.Of(facts.LeftOut, "file")} couldn't be read and {(facts.LeftOut == 1 ? "was" : "were")} left out")}. {(facts.Run.Options is { ValidNormal: null, ValidCoco: null } ? "Near-duplicates are never in two parts. " : "")}Fingerprint of the pictures: `{facts.Run.DataFingerprint}`.

        """;

    private static string Files(CardFacts facts) => $"""
        ## Files

        Each was run on held-out photos beside the trained gate before it was written.

        | file | MB | decides otherwise | mean difference of the similarity | AUROC: trained gate, file |
        |---|---|---|---|---|
        {string.Join("\n", facts.Files.Select(file => Row(file.Key, file.Value)))}

        {(facts.Files.Any(file => file.Value.HasOwnHead) ? "A file marked * has a head of its own, so that single decisions differ on purpose. " : "")}Embeddings of different files can't be compared. `gate.json` in the run's folder holds the files' SHA-256 and more figures.

        """;

    private static string Limits(CardFacts facts) => $"""
        ## Limits

        - The promise holds for photos like those that set the threshold. Another place, season or camera can be accepted less often: log the similarity in your app, and look at what is rejected.
        - It sees the middle square of a photo, at {facts.Gate.Preprocessing.Edge}x{facts.Gate.Preprocessing.Edge} pixels. A small subject, or one at the edge, can be missed.
        - The similarity is no probability.
        - It keeps out mistakes, not attackers: a picture can be made that it accepts.
        {(facts.Files.Any(file => file.Key.Contains(".ml", StringComparison.Ordinal)) ? "- Core ML files were proved by Trainer's own reader, not by Apple's.\n" : "")}{(facts.Files.Any(file => file.Key.EndsWith(".tflite", StringComparison.Ordinal)) ? "- LiteRT files were proved by Trainer's own reader; phones round a little differently.\n" : "")}
        """;

    private static string Versions(CardFacts facts) => $"""
        ## Versions

        Trained by Trainer {facts.Run.Trainer}, exported by {RunRecord.TrainerVersion}; TorchSharp {facts.Run.TorchSharp}, libtorch {facts.Run.Libtorch}. Start weights: {StartWeights(facts.Run.StartWeights)}. Embedding: {EmbeddingNetwork.EmbeddingSize} numbers. Preprocessing {Preprocessing.Version}: {facts.Gate.Preprocessing.Description}. Centroid's SHA-256: `{facts.Gate.Centroid.Sha256}`.

        """;

    private static string Row(SetResult set) => set.Role == SetRole.Normal
        ? $"| the subject | {Accepted(set)} | ({Percents(set.Intervals.AcceptRate)}) | |"
        : $"| {(set.Name == Coco ? "ordinary photos" : Plain(set.Name))} | {Accepted(set)} | ({Percents(set.Intervals.AcceptRate)}) | "
            + $"{Number(set.Auroc, "0.000")} ({Number(set.Intervals.Auroc[0], "0.000")} to {Number(set.Intervals.Auroc[1], "0.000")}) |";

    private static string Row(string file, ParityResult proof) =>
        $"| `{file}`{(proof.HasOwnHead ? " *" : "")} | {Number(proof.Bytes / 1e6, "0.0")} | {proof.ChangedDecisions} of {proof.Pictures} | "
            + $"{Number(proof.MeanDelta, "0.0####")} | {Number(proof.AurocBefore, "0.0000")}, {Number(proof.AurocAfter, "0.0000")} |";

    private static string Accepted(SetResult set) => $"{(int)Math.Round(set.AcceptRate * set.Count)} of {set.Count}";

    private static string Percents(double[] bounds)
    {
        var (low, high) = Hundredths.Around(bounds[0], bounds[1]);
        return $"{low} to {high} %";
    }

    private static string Counts(PartCounts parts) => $"{parts.Train} | {parts.Calibration} | {parts.Test}";

    // The name without the folder, which is private.
    private static string StartWeights(string path) => path == RunRecord.RandomWeights ? "random" : $"`{Path.GetFileName(path)}`";

    private static string Number(double value, string format) =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "–";

    /// <summary>Escapes a name that a user chose, so that it can't break a table.</summary>
    private static string Plain(string name) => name.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
