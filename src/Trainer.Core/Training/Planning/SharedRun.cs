using System.Globalization;
using System.Numerics;
using Trainer.Core.Platform;
using Trainer.Core.Ranks;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;

namespace Trainer.Core.Training.Planning;

/// <summary>What must hold before several ranks train one run.</summary>
internal static class SharedRun
{
    /// <summary>Makes sure that a step's chunks can be shared out.</summary>
    /// <exception cref="TrainerException">There are no chunks, or too few, or the ranks are no power of two.</exception>
    public static void RequireChunks(TrainingOptions options, ICommunicator ranks)
    {
        var most = BitOperations.RoundUpToPowerOf2((uint)ranks.Size);
        if (ranks.Size > 1 && options.Chunk == 0)
        {
            throw new TrainerException(
                $"{ranks.Size} ranks share out a step by its chunks, and --chunk isn't given. With --batch {options.Batch}, "
                + $"say --chunk {Math.Max(options.Batch / (int)most, 2)}; with the same --chunk any number of ranks, and one machine "
                    + "alone, come to the same bytes.");
        }

        if (!BitOperations.IsPow2(ranks.Size) || ranks.Size > options.ChunksInStep())
        {
            throw new TrainerException(
                $"There are {ranks.Size} ranks; it must be 1, 2, 4 or a higher power of two, and no more than the {options.ChunksInStep()} "
                + "chunks of a step "
                + $"(--batch {options.Batch}, --chunk {options.Chunk}).");
        }
    }

    /// <summary>Makes sure that all ranks found the same.</summary>
    /// <exception cref="TrainerException">On all ranks: what differs.</exception>
    public static void RequireSame(TrainingPlan plan) => Agreement.Require(plan.Ranks, new Dictionary<string, string>
    {
        ["the version of trainer"] = RunRecord.TrainerVersion,
        ["the version of TorchSharp"] = RunRecord.TorchSharpVersion,
        ["the version of libtorch"] = TorchRuntime.LibtorchVersion ?? "",
        ["the device"] = plan.Device.type.ToString(),
        ["the bits of the processor's vectors"] = Processor.VectorBits.ToString(CultureInfo.InvariantCulture),
        ["what limits oneDNN"] = NativeEnvironment.OneDnnMayUse ?? "nothing",
        ["--threads"] = plan.Threads.ToString(CultureInfo.InvariantCulture),
        ["the start weights"] = plan.Start.Source,
        ["the fingerprint of the pictures"] = plan.Data.Fingerprint,
        ["the options"] = OptionsFile.Layer(plan.Options).ToJsonString(Json.Line),
    });
}
