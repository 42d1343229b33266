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
        Add<string>("--valid-normal", "DIR", "Photos of the subject for calibration and test; else both are split off from --normal.");
        Add<string>("--valid-coco", "DIR", "Ordinary photos for calibration and test; else both are split off from --coco.");
        Add<string>("--out", "DIR", "Folder for what the run leaves; never overwritten. Default: runs/<name of the normal folder>.");
        Add<string>("--gate", "closed-form|centroid",
            "How the gate decides: by a computed head on features of several depths, or by the mean of embeddings trained as two classes, "
            + "as the article's, with 40 epochs, batches of 32 and rates of 0.001 and 0.0004 for defaults.");
        Add<int>("--clusters", "N", "Of a closed-form gate: most classes that ordinary photos are put into for training.");
        Add<int>("--size", string.Join('|', Preprocessing.Edges),
            "Edge of the square network input in pixels; a larger one tells look-alikes apart better, for more milliseconds a picture.");
        Add<int>("--epochs", "N", "How often every photo of the subject is shown; 0 for a gate on the start weights, in seconds.");
        Add<int>("--batch", "N", "Pictures in a step.");
        Add<int>("--chunk", "N",
            "Pictures in a chunk of a step, --batch divided by 2, 4 or a higher power of two: gradients are added up chunk by chunk in a "
            + "fixed order, which needs less memory, and several machines can share it out (--distributed); 0: a step in one go.");
        Add<int>("--save-interval", "N", "Epochs from one validation and checkpoint to the next.");
        Add<double>("--lr", "RATE", "Peak learning rate of the network.");
        Add<double>("--features-lr", "RATE",
            "Peak learning rate of the features where they start from given weights; random ones learn at --lr.");
        Add<double>("--class-lr", "RATE", "Of a centroid gate: peak learning rate of the class weights.");
        Add<string>("--optimizer", "sgd|adamw", "How the network learns.");
        Add<double>("--momentum", "SHARE", "SGD's momentum.");
        Add<double>("--weight-decay", "RATE", "Pull of the network's weights towards zero.");
        Add<double>("--trained-share", "SHARE",
            "Of a closed-form gate: how far the features go from given start weights to where training takes them, 0 to 1.");
        Add<string>("--schedule", "constant|cosine", "How the learning rate goes over the run.");
        Add<string>("--loss", "arcface|sub-center|hsc|bce", "Of a centroid gate: what training makes small.");
        Add<double>("--margin", "DEGREES", "ArcFace's angular margin, 0 to 90. Default: 11.5 among many classes, 28.6 among two.");
        Add<double>("--scale", "NUMBER", "What the loss multiplies cosines with. Default: 4 for hsc, 16 for the others.");
        Add<string>("--augmentation", "none|crop-and-flip|full", "Of a centroid gate: how training pictures are varied.");
        Add<double>("--least-area", "SHARE", "Of a centroid gate: least area of a random crop, as a share of the picture's centre square.");
        Add<double>("--accept", "SHARE", "Share of the subject's photos that the threshold is meant to accept.");
        Add<string>("--weights", "auto|imagenet|builtin|none|FILE",
            "What to start from: torchvision's ImageNet weights (14 MB, fetched once), those built into trainer, none (random), or a file "
            + "(.pth, .safetensors, another run's .ckpt); auto: ImageNet's where they can be had, else those built in.");
        Add<string>("--weights-input", "auto|imagenet|unit",
            "How the pictures were normalised that the weights were trained on: by ImageNet's mean and deviation, or from -1 to 1 (unit); "
            + "auto knows it for torchvision's weights and another run's .ckpt, and else says that it assumes unit.");
        Add<long>("--seed", "N", "Decides every random choice.");
        Add<string>("--checkpoint-every", "5m|90s|200",
            "How often the state is saved between validations, to go on from with --resume: minutes, seconds or steps.");
        Add<string>("--device", "auto|cpu|cuda|mps", "Where to compute.");
        Add<int>("--threads", "N", "Threads for computing, and for decoding beside it; 0 means one for each core, at most 16.");
        Add<double>("--cache-limit", "GB",
            "Disk for decoded pictures, which later epochs and runs read instead of the files; what was not used for longest goes first.");
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
