using System.CommandLine;
using Trainer.Commands.Options;
using Trainer.Commands.Steps;
using Trainer.Core;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Export;
using Trainer.Core.Export.Cards;
using Trainer.Core.Export.CoreMl;
using Trainer.Core.Export.LiteRt;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Export.Onnx.Int8;
using Trainer.Core.Export.Proof;
using Trainer.Core.Export.Rounding;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Terminal;
using Trainer.Terminal.Results;
using static TorchSharp.torch;

namespace Trainer.Commands;

/// <summary>trainer export: a run's gate as a file for other runtimes.</summary>
internal static class ExportCommand
{
    private const int CalibrationBatch = 4;
    private const int CalibrationPictures = 256;

    public static Command Create()
    {
        var run = CommonOptions.Run();
        var onnx = new Option<bool>("--onnx") { Description = "Write ONNX: a picture of any size in; embedding, similarity and decision out." };
        var web = CommonOptions.Folder("--web", "Write a page for any HTTPS host: the gate before a phone's camera, offline too. Without --precision it takes int8 if that holds, else fp32.");
        var name = WebCommand.Name();
        var input = CommonOptions.Choice<GateInput>(
            "--input", "What the ONNX graph takes: bytes of a picture, or normalised pixels (then crop, resize and normalisation are the app's).");
        var precision = new Option<string>("--precision")
        {
            Description = "What the weights are kept in; several with commas. int8 is calibrated on the run's own pictures; ONNX then computes in bytes, and the package needs iOS 16. [default: fp32, for Core ML fp16]",
            HelpName = "fp32|fp16|int8",
        };
        var coreMl = new Option<bool>("--coreml") { Description = "Write a Core ML package (.mlpackage, iOS 15 and later): a picture in; embedding, similarity and decision out." };
        var legacy = new Option<bool>("--coreml-legacy") { Description = "Write Core ML's older single file (.mlmodel, iOS 13 and later)." };
        var tflite = new Option<bool>("--tflite") { Description = "Write LiteRT (.tflite, Android): the picture's square in; embedding, similarity and decision out." };
        var output = new Option<string>("--output") { Description = "The file to write. Default: model.onnx, model.mlpackage, model.mlmodel, model.tflite, another precision as model.int8.onnx, in the run's folder.", HelpName = "FILE" };
        var drift = new Option<double?>("--allow-drift") { Description = "Write a model that fails its proof, as long as no cosine is off by more than this.", HelpName = "X" };
        var threads = CommonOptions.Threads();
        var command = new Command("export", "Writes the gate for other runtimes, and proves on the run's own pictures that it decides the same.\n"
            + "Example: trainer export --run runs/rice --onnx")
        {
            run, onnx, coreMl, legacy, tflite, web, name, input, precision, output, drift, threads,
        };
        command.SetAction(result =>
        {
            var folder = RunFolder.Open(result.GetValue(run)!); // required
            (Option<bool> Option, string Path, Precision Usual)[] formats =
            [
                (onnx, folder.Onnx, Precision.Fp32), (coreMl, folder.CoreMl, Precision.Fp16), (legacy, folder.CoreMlLegacy, Precision.Fp16), (tflite, folder.LiteRt, Precision.Fp32),
            ];
            var files = formats
                .Where(format => result.GetValue(format.Option))
                .SelectMany(format => Precisions(result.GetValue(precision), format.Usual).Select(p => (format.Option, Path: p == format.Usual ? format.Path : PathOf(format.Path, p), Precision: p)))
                .ToArray();
            if (files.Length == 0 && result.GetValue(web) is null)
            {
                throw new TrainerException("Say what to export: --onnx, --coreml, --coreml-legacy, --tflite, --web DIR.");
            }

            if (files.Length > 1 && result.GetValue(output) is not null)
            {
                throw new TrainerException($"--output names one file, and {files.Length} were asked for. Leave it out, and each goes into the run's folder.");
            }

            if (result.GetValue(output) is { } target)
            {
                AtomicFile.RequireWritable(target);
            }

            var used = CommonOptions.Resolve(result.GetValue(threads));
            var allowedDrift = result.GetValue(drift) ?? double.NaN;
            if (files.Length > 0)
            {
                Export(folder, result.GetValue(name) ?? folder.Name, Candidates, allowedDrift, used);
            }

            if (result.GetValue(web) is { } page)
            {
                WebCommand.WriteProved(folder, result.GetValue(name), page, Precisions(result.GetValue(precision), Precision.Int8, Precision.Fp32), allowedDrift, used);
            }

            IReadOnlyList<ExportCandidate> Candidates(TrainedGate gate, HeldOutPictures pictures)
            {
                var bytes = new Lazy<Int8Network>(() => InBytes(folder, gate, pictures)); // the same in all formats that compute in bytes
                return [.. files.Select(file => Candidate(file, result.GetValue(output) ?? file.Path))];

                Tensor Calibration() => CalibrationPixels.Load(pictures.Calibration, gate.Preprocessing, used);

                ExportCandidate Candidate((Option<bool> Option, string Path, Precision Precision) file, string path) =>
                    file.Option == onnx ? OnnxCandidate.Make(gate, path, result.GetValue(input), file.Precision, () => bytes.Value)
                    : file.Option == coreMl ? CoreMlCandidate.Package(gate, path, file.Precision, Calibration)
                    : file.Option == tflite ? LiteRtCandidate.Make(gate, path, file.Precision, Calibration, () => bytes.Value)
                    : CoreMlCandidate.Legacy(gate, path, file.Precision, Calibration);
            }
        });
        return command;
    }

    /// <summary>Exports, checks, notes the files in gate.json, describes them in a model card, and says so.</summary>
    /// <param name="subject">What the gate accepts, for people.</param>
    /// <exception cref="TrainerException">A model failed its proof.</exception>
    public static void Export(RunFolder folder, string subject, Func<TrainedGate, HeldOutPictures, IReadOnlyList<ExportCandidate>> make, double allowedDrift, int threads)
    {
        var pictures = RunPictures.HeldOut(folder, Screen.Note);
        using var gate = TrainedGate.Load(folder.BestCheckpoint, TorchRuntime.Prepare("cpu", threads, Screen.Note));
        var candidates = make(gate, pictures);
        var results = Screen.Progress(
            "checking", pictures.All.Count, silent: false, done => new ParityCheck(threads).Compare(gate, candidates, pictures.All, done));
        ParityTable.Print(results);
        var refused = CheckedExport.Write(folder, candidates, results, allowedDrift);
        var written = candidates.Zip(results).Where(pair => !refused.Contains(pair.Second)).ToArray();
        foreach (var (candidate, result) in written)
        {
            if (!result.Holds)
            {
                Screen.Note($"'{candidate.Path}' FAILED its proof and was written all the same, because --allow-drift says so.");
            }

            Screen.Line($"[bold]{Screen.Escape(candidate.Path)}[/]");
        }

        if (written.Length > 0)
        {
            ModelCards.Say(CardFile.WriteBeside(written[0].First.Path, folder, gate, subject, ModelCards.Measure(folder, gate, threads))); // all are in one folder
        }

        if (refused.Count > 0)
        {
            throw new TrainerException(string.Join(' ', refused.Select(result => result.Objection)) + " No file was written for it.");
        }
    }

    private static Int8Network InBytes(RunFolder folder, TrainedGate gate, HeldOutPictures pictures) => Int8Network.Of(
        gate,
        new BatchLoader(gate.Preprocessing, CalibrationBatch, workers: 1, new SkippedFiles()).Load(CalibrationSample(pictures)),
        new OwnHead(folder, get_num_threads()));

    /// <summary>Enough to see every range, spread over normals and negatives alike.</summary>
    private static IEnumerable<ImageEntry> CalibrationSample(HeldOutPictures pictures) => pictures.Calibration
        .GroupBy(picture => picture.Label)
        .SelectMany(kind => kind.Take(CalibrationPictures / 2))
        .Select(picture => picture.Image);

    private static string PathOf(string usual, Precision precision) =>
        Path.ChangeExtension(usual, $".{precision.ToString().ToLowerInvariant()}{Path.GetExtension(usual)}");

    private static Precision[] Precisions(string? names, params Precision[] usual) => names is null ? usual : [.. names.Split(',', StringSplitOptions.TrimEntries).Distinct().Select(name =>
        Enum.TryParse<Precision>(name, ignoreCase: true, out var precision) && Enum.IsDefined(precision)
            ? precision
            : throw new TrainerException($"--precision is {name}; it must be fp32, fp16 or int8, or several of them with commas between."))];
}
