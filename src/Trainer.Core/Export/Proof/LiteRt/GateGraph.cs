using Trainer.Core.Export.Proof.CoreMl;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.LiteRt;

/// <summary>Runs a graph operation by operation. Values that depend only on constants are computed once.</summary>
internal sealed class GateGraph : IDisposable
{
    private readonly ModelFile file;
    private readonly Dictionary<int, GraphValue> constants = [];
    private readonly List<GraphOperation> operations = [];

    /// <exception cref="BrokenModelException">An operation lacks an input, or gives another type than declared.</exception>
    public GateGraph(ModelFile file)
    {
        this.file = file;
        using var _ = no_grad();
        foreach (var (place, info) in file.Tensors.Index().Where(tensor => tensor.Item.IsConstant))
        {
            constants.Add(place, new GraphValue(info, Numbers(info).DetachFromDisposeScope()));
        }

        foreach (var operation in file.Operations)
        {
            if (operation.Inputs.All(constants.ContainsKey))
            {
                Compute(operation, constants);
                constants[operation.Output].Tensor.DetachFromDisposeScope();
            }
            else
            {
                operations.Add(operation);
            }
        }
    }

    /// <summary>The graph's outputs in their order.</summary>
    /// <param name="input">The input in the form of <see cref="GraphValue"/>. The caller disposes the outputs.</param>
    public Tensor[] Run(Tensor input)
    {
        using var _ = no_grad();
        var values = new Dictionary<int, GraphValue>(constants) { [file.Inputs[0]] = new(file.Tensors[file.Inputs[0]], input) };
        foreach (var operation in operations)
        {
            Compute(operation, values);
        }

        return [.. file.Outputs.Select(output => values.TryGetValue(output, out var value)
            ? value.Tensor
            : throw new BrokenModelException($"no operation makes its output '{file.Tensors[output].Name}'"))];
    }

    public void Dispose()
    {
        foreach (var value in constants.Values)
        {
            value.Tensor.Dispose();
        }
    }

    private void Compute(GraphOperation operation, Dictionary<int, GraphValue> values)
    {
        var result = file.Tensors[operation.Output];
        var inputs = operation.Inputs.Select(place => values.TryGetValue(place, out var value)
            ? value
            : throw new BrokenModelException(
                $"'{result.Name}' is made of '{file.Tensors[place].Name}', which no operation before it makes")).ToArray();
        var rule = OperatorRule.For(operation.Code);
        if (operation.Version != rule.VersionFor(inputs[0].Info))
        {
            throw new BrokenModelException(
                $"'{result.Name}' is made by {rule.Name} of version {operation.Version}, expected {rule.VersionFor(inputs[0].Info)} for "
                + $"{inputs[0].Info.Element}");
        }

        var made = rule.Compute(new OperatorCall(operation.Options, inputs, result));
        if (!made.shape.SequenceEqual(result.Shape) || !values.TryAdd(operation.Output, new GraphValue(result, made)))
        {
            throw new BrokenModelException(
                $"'{result.Name}' is [{string.Join(", ", made.shape)}], declared as [{string.Join(", ", result.Shape)}], or is made twice");
        }
    }

    private static Tensor Numbers(TensorInfo info)
    {
        var bytes = info.Bytes.ToArray();
        return info.Element switch
        {
            TensorElement.Float => Of(ScalarType.Float32),
            TensorElement.Whole => Of(ScalarType.Int32),
            TensorElement.Half => Of(ScalarType.Float16).to(ScalarType.Float32),
            TensorElement.Signed => Of(ScalarType.Int8).to(ScalarType.Float32),
            TensorElement.Unsigned => Of(ScalarType.Byte).to(ScalarType.Float32),
            _ => throw new BrokenModelException($"the constant '{info.Name}' is {info.Element}, which none of a gate is"),
        };

        Tensor Of(ScalarType type)
        {
            var numbers = empty(info.Shape, type);
            numbers.bytes = bytes;
            return numbers;
        }
    }
}
