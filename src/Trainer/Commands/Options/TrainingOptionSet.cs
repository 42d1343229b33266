using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trainer.Core.Imaging;
using Trainer.Core.Platform;
using Trainer.Core.Runs.Options;

namespace Trainer.Commands.Options;

/// <summary>The command line's options for <see cref="TrainingOptions"/>, one for each under the same name.</summary>
internal sealed class TrainingOptionSet
{
    private readonly Command command;
    private readonly JsonObject defaults =
        // a record becomes an object
        (JsonObject)JsonSerializer.SerializeToNode(new TrainingOptions { Normal = "", Coco = "", Out = "" }, Json.Line)!;

    private readonly Option<bool> noCache = new("--no-cache") { Description = "Keep no decoded pictures: --cache-limit 0." };
    private readonly List<Func<ParseResult, KeyValuePair<string, JsonNode?>?>> readers = [];

    public TrainingOptionSet(Command command)
    {
        this.command = command;
        Add<string>("--normal", "DIR", "Photos of the subject; searched in all subfolders.");
        Add<string>("--coco", "DIR", "Ordinary photos, such as COCO's; searched in all subfolders.");
        AddNegatives();
        Add<string>("--valid-normal", "DIR", "Photos of the subject for calibration and test. Without it, both parts are taken from --normal.");
        Add<string>("--valid-coco", "DIR", "Ordinary photos for calibration and test. Without it, both parts are taken from --coco.");
        Add<string>("--out", "DIR", "Folder for the run's files; never overwritten. Default: runs/<name of the normal folder>.");
        Add<string>("--gate", "closed-form|centroid",
            "How the gate decides: by a head computed on features of several depths, or, as in the article, by the mean of embeddings "
            + "trained as two classes (the defaults are then 40 epochs, batches of 32, and learning rates of 0.001 and 0.0004).");
        Add<int>("--clusters", "N", "Closed-form gates: the maximum number of classes into which ordinary photos are grouped for training.");
        Add<int>("--size", string.Join('|', Preprocessing.Edges),
            "Edge of the square network input in pixels. A larger one tells look-alikes apart better and takes longer for each picture.");
        Add<int>("--epochs", "N", "How often each photo of the subject is shown. 0 makes a gate from the start weights, in seconds.");
        Add<int>("--batch", "N", "Pictures in a training step.");
        Add<int>("--chunk", "N",
            "Pictures in a chunk of a step, --batch divided by 2, 4 or a higher power of two: gradients are added up chunk by chunk in a "
            + "fixed order, which needs less memory, and several machines can share it out (--distributed); 0: a step in one go.");
        Add<int>("--save-interval", "N", "Epochs between two validations, each with a checkpoint.");
        Add<double>("--lr", "RATE", "Peak learning rate of the network.");
        Add<double>("--features-lr", "RATE",
            "Peak learning rate of the features if they start from given weights; random ones learn at --lr.");
        Add<double>("--class-lr", "RATE", "Centroid gates: peak learning rate of the class weights.");
        Add<string>("--optimizer", "sgd|adamw", "The optimizer of the network.");
        Add<double>("--momentum", "SHARE", "SGD's momentum.");
        Add<double>("--weight-decay", "RATE", "Weight decay of the network.");
        Add<double>("--trained-share", "SHARE",
            "Closed-form gates: how far to move the features from the start weights (0) to the trained weights (1).");
        Add<string>("--schedule", "constant|cosine", "Learning rate schedule over the run.");
        Add<string>("--loss", "arcface|sub-center|hsc|bce", "Centroid gates: the loss.");
        Add<double>("--margin", "DEGREES", "ArcFace's angular margin, 0 to 90. Default: 11.5 among many classes, 28.6 among two.");
        Add<double>("--scale", "NUMBER", "Factor by which the loss multiplies cosines. Default: 4 for hsc, 16 for the others.");
        Add<string>("--augmentation", "none|crop-and-flip|full", "Centroid gates: how training pictures are varied.");
        Add<double>("--least-area", "SHARE", "Centroid gates: the minimum area of a random crop, as a share of the picture's centre square.");
        Add<double>("--accept", "SHARE", "Share of the subject's photos that the gate should accept.");
        Add<string>("--weights", "auto|imagenet|builtin|none|FILE",
            "Start weights: torchvision's for ImageNet (14 MB, downloaded once), those built into trainer, none (random), or a file (.pth, "
            + ".safetensors, another run's .ckpt). auto takes ImageNet's if they can be had, otherwise the built-in ones.");
        Add<string>("--weights-input", "auto|imagenet|unit",
            "How the pictures were normalised when the start weights were trained: by ImageNet's mean and deviation, or to -1 to 1 (unit). "
            + "auto knows this of torchvision's weights and of another run's .ckpt; of others it assumes unit, and says so.");
        Add<long>("--seed", "N", "Seed of every random choice.");
        Add<string>("--checkpoint-every", "5m|90s|200",
            "How often to save the state between validations, for --resume: minutes, seconds or steps.");
        Add<string>("--device", "auto|cpu|cuda|mps", "Where to compute.");
        Add<int>("--threads", "N", "Threads for computing, and as many for decoding. 0 means one for each core, at most 16.");
        Add<double>("--cache-limit", "GB",
            "Disk space for decoded pictures, which later epochs and runs read instead of the files. The least recently used go first.");
        command.Options.Add(noCache);
    }

    /// <summary>The options given on the command line, by the names of <see cref="TrainingOptions"/>; the others are absent.</summary>
    public JsonObject Given(ParseResult result)
    {
        var given = new JsonObject(readers.Select(read => read(result)).OfType<KeyValuePair<string, JsonNode?>>());
        if (result.GetValue(noCache))
        {
            given["cacheLimit"] = 0;
        }

        return given;
    }

    private void AddNegatives()
    {
        var option = CommonOptions.Negatives(
            "Of a closed-form gate: a named folder of what users confuse with the subject; can be given several times. Part of it is kept "
            + "for the test.");
        command.Options.Add(option);
        readers.Add(result => result.GetValue(option) is { Length: > 0 } given ? new("negative", Folders(given)) : null);

        static JsonObject Folders(string[] given)
        {
            var folders = given.Select(CommonOptions.Named).ToArray();
            CommonOptions.RequireDifferentNames(["normal", "coco", .. folders.Select(folder => folder.Name)]);
            return new(folders.Select(folder => new KeyValuePair<string, JsonNode?>(folder.Name, folder.Folder)));
        }
    }

    private void Add<T>(string name, string helpName, string description)
    {
        var key = JsonNamingPolicy.CamelCase.ConvertName(
            string.Concat(name.Split('-', StringSplitOptions.RemoveEmptyEntries)
                .Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase)));
        var shown = defaults[key]?.ToString() is { Length: > 0 } value ? $" [default: {value}]" : "";
        var option = new Option<T>(name) { Description = description + shown, HelpName = helpName }.WithValues();
        command.Options.Add(option);
        readers.Add(result => result.GetResult(option) is { Implicit: false } ? new(key, JsonValue.Create(result.GetValue(option))) : null);
    }
}
