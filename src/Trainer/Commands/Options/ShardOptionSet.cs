using System.CommandLine;
using Trainer.Commands.Steps;
using Trainer.Core;
using Trainer.Core.Scoring.Shards;

namespace Trainer.Commands.Options;

/// <summary>The options of predict that are for stores of many pictures.</summary>
internal sealed class ShardOptionSet
{
    private readonly Option<string> shards =
        new("--shards")
        {
            Description =
        "Instead of PICTURES: WebDataset's tar files, such as 'shards/{000000..009999}.tar', 'shards/*.tar' or 'pipe:COMMAND', in quotes. "
        + "Exit code 0 when all are scored, 75 when another try may help, 65 when a shard is broken.",
            HelpName = "PATTERN"
        };
    private readonly Option<string> output =
        CommonOptions.Folder("--out", "With --shards: folder for the scores, a Parquet file for each shard.");
    private readonly Option<string> task =
        new("--task")
        {
            Description =
        "With --shards: do share I (from 0) of N only. [default: as Slurm's, AWS Batch's or Cloud Run's variables say, else all]",
            HelpName = "I/N"
        };
    private readonly Option<bool> embeddings = new("--embeddings") { Description = "With --shards: keep the embeddings too, as float16." };
    private readonly Option<bool> verify = new("--verify") { Description = "With --shards: score nothing, list what isn't scored yet." };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [shards, output, task, embeddings, verify];

    /// <summary>True when they are to be used.</summary>
    /// <exception cref="TrainerException">One of them was given without --shards.</exception>
    public bool AreGiven(ParseResult result) => result.GetValue(shards) is not null
        || (All.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } lost
            ? throw new TrainerException($"{lost.Name} is for --shards, and that is missing.") : false);

    /// <summary>Scores, or verifies.</summary>
    /// <param name="model">--model as it was given.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="TrainerException">What was given doesn't go together, or doesn't exist.</exception>
    public int Run(ParseResult result, string? model, int threads)
    {
        if (model is null)
        {
            throw new TrainerException("--shards needs an exported file: --model FILE. Make one with 'trainer export --onnx'.");
        }

        var folder = result.GetValue(output) ?? throw new TrainerException("--shards needs a folder for the scores: --out DIR.");
        var (isVerified, given) = (result.GetValue(verify), result.GetValue(task));
        if (isVerified && given is not null)
        {
            throw new TrainerException("--verify looks at all shards, whatever task they belong to: leave out --task.");
        }

        var found = ShardPattern.Expand(result.GetValue(shards)!); // given, or this isn't called
        var share = isVerified ? default : TaskShare.Of(given, Environment.GetEnvironmentVariable);
        using var scoring = ShardScoring.Open(model, threads, folder, result.GetValue(embeddings));
        return isVerified ? new ShardPrediction(scoring).Verify(found) : new ShardPrediction(scoring).Score(found, share);
    }
}
