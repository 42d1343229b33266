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

/// <summary>trainer export: writes a run's gate as files for other runtimes.</summary>
internal static class ExportCommand
{
    private const int CalibrationBatch = 4;
    private const int CalibrationPictures = 256;

    public static Command Create()
    {
        var run = CommonOptions.Run();
        var onnx = new Option<bool>("--onnx")
        {
            Description = "Write ONNX. It takes a picture of any size and returns embedding, similarity and decision."
        };
        var web = CommonOptions.Folder("--web", "Write a web page that runs the gate on a phone's camera, also offline, for any HTTPS "
            + "host. Without --precision it uses int8 if that passes the proof, otherwise fp32.");
        var name = WebCommand.Name();
        var input = CommonOptions.Choice<GateInput>(
            "--input", "Input of the ONNX graph: bytes of a picture, or normalised pixels (the app then has to crop, resize and "
                + "normalise).");
        var precision = new Option<string>("--precision")
        {
            Description = "Precision of the weights; several can be given with commas. int8 is calibrated on the run's own pictures; "
                + "ONNX and LiteRT then compute in int8, and the Core ML package needs iOS 16. [default: fp32, for Core ML "
                + "fp16]",
            HelpName = "fp32|fp16|int8",
        };
        var coreMl = new Option<bool>("--coreml")
        {
            Description = "Write a Core ML package (.mlpackage, iOS 15 and later). It takes a picture and returns embedding, similarity"
                + " and decision."
        };
        var legacy = new Option<bool>(
            "--coreml-legacy")
        { Description = "Write Core ML's older single file (.mlmodel, iOS 13 and later)." };
        var tflite = new Option<bool>("--tflite")
        {
            Description = "Write LiteRT (.tflite, Android). It takes the picture's square and returns embedding, similarity and decision."
        };
        var output = new Option<string>("--output")
        {
            Description = "The file to write. Default: model.onnx, model.mlpackage, model.mlmodel or model.tflite in the run's folder; "
                + "other precisions have names such as model.int8.onnx.",
            HelpName = "FILE"
        };
        var drift = new Option<double?>("--allow-drift")
        {
            Description = "Write a model even if it fails its proof, as long as no cosine differs by more than this.",
            HelpName = "X"
        };
        var threads = CommonOptions.Threads();
        var command = new Command(
            "export", "Writes the gate for other runtimes, and proves on the run's own pictures that it decides the same.\n"
            + "Example: trainer export --run runs/rice --onnx")
        {
            run, onnx, coreMl, legacy, tflite, web, name, input, precision, output, drift, threads,
        };
        command.SetAction(result =>
        {
            var folder = RunFolder.Open(result.GetValue(run)!); // required
            (Option<bool> Option, string Path, Precision Usual)[] formats =
            [
                (onnx, folder.Onnx, Precision.Fp32), (coreMl, folder.CoreMl, Precision.Fp16), (legacy, folder.CoreMlLegacy, Precision.Fp16),
                (tflite, folder.LiteRt, Precision.Fp32),
            ];
            var files = formats
                .Where(format => result.GetValue(format.Option))
                .SelectMany(format =>
                    Precisions(result.GetValue(precision), format.Usual)
                    .Select(p => (format.Option, Path: p == format.Usual ? format.Path : PathOf(format.Path, p), Precision: p)))
                .ToArray();
            if (files.Length == 0 && result.GetValue(web) is null)
            {
                throw new TrainerException("Say what to export: --onnx, --coreml, --coreml-legacy, --tflite or --web DIR.");
            }

            if (files.Length > 1 && result.GetValue(output) is not null)
            {
                throw new TrainerException($"--output names one file, but {files.Length} files were requested. Leave it out, and each is "
                    + "written to the run's folder.");
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
                WebCommand.WriteProved(
                    folder, result.GetValue(name), page, Precisions(result.GetValue(precision), Precision.Int8, Precision.Fp32),
                    allowedDrift, used);
            }

            IReadOnlyList<ExportCandidate> Candidates(TrainedGate gate, HeldOutPictures pictures)
            {
                var bytes = new Lazy<Int8Network>(() => InBytes(folder, gate, pictures)); // shared by all formats that compute in bytes
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

    /// <summary>Exports the gate, proves the files, lists them in gate.json, writes a model card, and reports all of it.</summary>
    /// <param name="subject">Name of the subject, for people.</param>
    /// <exception cref="TrainerException">A model failed its proof.</exception>
    public static void Export(
        RunFolder folder, string subject, Func<TrainedGate, HeldOutPictures, IReadOnlyList<ExportCandidate>> make, double allowedDrift,
        int threads)
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
                Screen.Note($"'{candidate.Path}' FAILED its proof, but was written because of --allow-drift.");
            }

            Screen.Line($"[bold]{Screen.Escape(candidate.Path)}[/]");
        }

        if (written.Length > 0)
        {
            // All files are in one folder.
            ModelCards.Say(CardFile.WriteBeside(written[0].First.Path, folder, gate, subject, ModelCards.Measure(folder, gate, threads)));
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

    /// <summary>A sample that is large enough to see every range, spread evenly over normals and negatives.</summary>
    private static IEnumerable<ImageEntry> CalibrationSample(HeldOutPictures pictures) => pictures.Calibration
        .GroupBy(picture => picture.Label)
        .SelectMany(kind => kind.Take(CalibrationPictures / 2))
        .Select(picture => picture.Image);

    private static string PathOf(string usual, Precision precision) =>
        Path.ChangeExtension(usual, $".{precision.ToString().ToLowerInvariant()}{Path.GetExtension(usual)}");

    private static Precision[] Precisions(string? names, params Precision[] usual) =>
        names is null ? usual : [.. names.Split(',', StringSplitOptions.TrimEntries).Distinct().Select(name =>
        Enum.TryParse<Precision>(name, ignoreCase: true, out var precision) && Enum.IsDefined(precision)
            ? precision
            : throw new TrainerException($"--precision is {name}; it must be fp32, fp16 or int8, or several of them separated by "
                + "commas."))];
}
