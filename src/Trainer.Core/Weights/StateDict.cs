using static TorchSharp.torch;

namespace Trainer.Core.Weights;

/// <summary>Copies weights between a network's tensors and <see cref="WeightTensor"/>s.</summary>
internal static class StateDict
{
    private const string BatchCount = ".num_batches_tracked";
    private const string Head = "fc.";

    private static readonly Dictionary<WeightType, ScalarType> ScalarTypes = new()
    {
        [WeightType.Float64] = ScalarType.Float64,
        [WeightType.Float32] = ScalarType.Float32,
        [WeightType.Float16] = ScalarType.Float16,
        [WeightType.BFloat16] = ScalarType.BFloat16,
        [WeightType.Int64] = ScalarType.Int64,
        [WeightType.Int32] = ScalarType.Int32,
        [WeightType.Int16] = ScalarType.Int16,
        [WeightType.Int8] = ScalarType.Int8,
        [WeightType.UInt8] = ScalarType.Byte,
        [WeightType.Bool] = ScalarType.Bool,
    };

    private static readonly Dictionary<ScalarType, WeightType> WeightTypesByScalar =
        ScalarTypes.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>Fills a network's parameters and buffers from a file, by <see cref="WeightNames.Canonical"/> names.</summary>
    /// <remarks>
    /// Numbers are converted to the network's type and device. The head (<c>fc.*</c>) and <c>*.num_batches_tracked</c> may be missing, and
    /// then keep their values. Nothing is filled unless all other tensors are there and fit.
    /// </remarks>
    /// <param name="network">Filled in place.</param>
    /// <param name="file">May contain more tensors than the network has.</param>
    /// <exception cref="TrainerException">
    /// A tensor is missing, has another shape, or has integers where the network has floating-point numbers, or two names in the file mean
    /// the same tensor.
    /// </exception>
    public static LoadReport Load(nn.Module network, WeightFile file)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(file);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var sources = ByCanonicalName(file);
        var targets = network.state_dict();
        var notInFile = targets.Keys.Where(name => !sources.ContainsKey(name)).ToList();
        RefuseMissing([.. notInFile.Where(IsNeeded)], targets.Count, file);
        var pairs = targets.Where(target => sources.ContainsKey(target.Key))
            .Select(target => (target.Key, Target: target.Value, Source: sources[target.Key])).ToList();
        foreach (var (name, target, source) in pairs)
        {
            RefuseMisfit(name, target, source, file.FileName);
        }

        foreach (var (_, target, source) in pairs)
        {
            using var tensor = ToTensor(source);
            target.copy_(tensor);
        }

        var notUsed = sources.Where(source => !targets.ContainsKey(source.Key) && !WeightNames.IsOfLastLayers(source.Key))
            .Select(source => source.Value.Name);
        return new LoadReport(pairs.Count, notInFile, [.. notUsed]);
    }

    /// <summary>Copies all current parameters and buffers, in the network's order.</summary>
    /// <param name="network">The network, on any device; it isn't changed.</param>
    public static IReadOnlyList<WeightTensor> Save(nn.Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return [.. network.state_dict().Select(pair => FromTensor(pair.Key, pair.Value))];
    }

    /// <summary>Copies one tensor.</summary>
    /// <param name="name">The name of the copy.</param>
    /// <param name="tensor">A tensor of any shape, strides and device; it isn't changed.</param>
    /// <exception cref="ArgumentException">The tensor is complex or quantised, which has no <see cref="WeightType"/>.</exception>
    public static WeightTensor FromTensor(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!WeightTypesByScalar.TryGetValue(tensor.dtype, out var type))
        {
            throw new ArgumentException($"{name} is of type {tensor.dtype}, which has no place in a weight file.", nameof(tensor));
        }

        using var scope = NewDisposeScope();
        var plain = tensor.detach().cpu().contiguous();
        return new WeightTensor(name, type, plain.shape, plain.bytes.ToArray());
    }

    /// <summary>A new row-major tensor on the CPU with the same shape, type and numbers. The caller disposes it.</summary>
    public static Tensor ToTensor(WeightTensor weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var tensor = empty(weights.Shape, ScalarTypes[weights.Type], CPU);
        weights.Data.Span.CopyTo(tensor.bytes);
        return tensor;
    }

    private static bool IsNeeded(string name) =>
        !name.StartsWith(Head, StringComparison.Ordinal) && !name.EndsWith(BatchCount, StringComparison.Ordinal);

    private static OrderedDictionary<string, WeightTensor> ByCanonicalName(WeightFile file)
    {
        var sources = new OrderedDictionary<string, WeightTensor>();
        foreach (var tensor in file.Tensors.Values)
        {
            var name = WeightNames.Canonical(tensor.Name);
            if (!sources.TryAdd(name, tensor))
            {
                throw new TrainerException($"'{ErrorText.Name(sources[name].Name)}' and '{ErrorText.Name(tensor.Name)}' "
                    + $"in '{file.FileName}' both mean {ErrorText.Name(name)}; expected only one of them.");
            }
        }

        return sources;
    }

    private static void RefuseMissing(List<string> missing, int wanted, WeightFile file)
    {
        if (missing.Count > 0)
        {
            throw new TrainerException($"'{file.FileName}' lacks {missing.Count} of the network's {wanted} tensors: "
                + $"{ErrorText.Names(missing)}. It holds {file.Tensors.Count}: {ErrorText.Names([.. file.Tensors.Keys])}. "
                + "Is it a MobileNetV2 with torchvision's names?");
        }
    }

    private static void RefuseMisfit(string name, Tensor target, WeightTensor source, string fileName)
    {
        if (!target.shape.SequenceEqual(source.Shape))
        {
            throw new TrainerException(
                $"{name} is {ErrorText.Shape(source.Shape)} in '{fileName}', expected {ErrorText.Shape(target.shape)}.");
        }

        if (target.is_floating_point() && !source.Type.IsFloating())
        {
            throw new TrainerException($"{name} is {source.Type} in '{fileName}', expected a floating-point type. Is the file quantised? "
            + "Use one that isn't.");
        }
    }
}
