using System.Globalization;
using Trainer.Core;
using Trainer.Core.Networks;
using Trainer.Core.Optimizing;
using Trainer.Core.Platform;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using static TorchSharp.torch;

namespace Pretraining;

/// <summary>
/// The network that learns, and its optimizer's state. Both are saved together, so that a stopped training resumes as if it had never
/// stopped.
/// </summary>
internal sealed class Student : IDisposable
{
    private const string State = "state.safetensors";
    private const string Adam = "adam.";
    private const string StepName = "step";
    private const double WeightDecay = 0.01;

    private readonly FlatParameters parameters;
    private readonly AdamWOptimizer optimizer;

    private Student(EmbeddingNetwork network)
    {
        Network = network;
        parameters = new FlatParameters(network.Features.parameters());
        optimizer = new AdamWOptimizer(parameters, WeightDecay);
    }

    public EmbeddingNetwork Network { get; }

    /// <summary>Steps done.</summary>
    public int Step { get; private set; }

    /// <summary>Loads the state in the folder, or starts from random weights.</summary>
    public static Student Begin(string folder, ulong seed)
    {
        manual_seed((long)seed);
        var student = new Student(new EmbeddingNetwork());
        var path = Path.Combine(folder, State);
        if (File.Exists(path))
        {
            student.Restore(WeightFile.Open(path));
        }

        return student;
    }

    /// <summary>Prepares the next step.</summary>
    public void Train(bool normsLearn)
    {
        Network.train();
        if (!normsLearn)
        {
            BatchNorms.Freeze(Network);
        }
    }

    /// <summary>Updates the weights by their gradients.</summary>
    public void Update(double rate)
    {
        optimizer.Step(Step, rate);
        if (Step++ == 0)
        {
            BatchNorms.ResetRunningStatistics(Network);
        }
    }

    /// <summary>Writes the state, the current start weights, and a line of the log.</summary>
    public void Save(string folder, string line)
    {
        var tensors = StateDict.Save(Network).Where(tensor => tensor.Name.StartsWith("features.", StringComparison.Ordinal)).ToArray();
        AtomicFile.Write(Path.Combine(folder, "features.safetensors"), file =>
            SafetensorsFile.Write(file, tensors.Where(tensor => tensor.Type == WeightType.Float32).Select(Halved)));
        AtomicFile.Write(Path.Combine(folder, State), file => SafetensorsFile.Write(
            file,
            tensors.Concat(optimizer.State.Select(state => StateDict.FromTensor(Adam + state.Key, state.Value))),
            new Dictionary<string, string> { [StepName] = Step.ToString(CultureInfo.InvariantCulture) }));
        File.AppendAllText(Path.Combine(folder, "log.tsv"), line + "\n");
    }

    public void Dispose()
    {
        optimizer.Dispose();
        parameters.Dispose();
        Network.Dispose();
    }

    private void Restore(WeightFile file)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var state = Network.state_dict();
        foreach (var tensor in file.Tensors.Values)
        {
            using var value = StateDict.ToTensor(tensor);
            (tensor.Name.StartsWith(Adam, StringComparison.Ordinal) ? optimizer.State[tensor.Name[Adam.Length..]] : state[tensor.Name])
                .copy_(value);
        }

        Step = int.Parse(file.Metadata[StepName], CultureInfo.InvariantCulture);
    }

    private static WeightTensor Halved(WeightTensor tensor)
    {
        using var whole = StateDict.ToTensor(tensor);
        using var half = whole.to(ScalarType.Float16);
        return half.isfinite().all().item<bool>() ? StateDict.FromTensor(tensor.Name, half)
            : throw new TrainerException($"{tensor.Name} is too large for 16 bits.");
    }
}
