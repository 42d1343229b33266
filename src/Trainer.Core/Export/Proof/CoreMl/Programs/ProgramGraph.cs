using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl.Programs;

/// <summary>Checks an ML Program and runs it operation by operation. Values declared as float16 are rounded to float16.</summary>
internal sealed class ProgramGraph : IGraph
{
    private readonly Dictionary<string, Constant> constants = [];
    private readonly Dictionary<string, ProgramValue> weights = [];
    private readonly List<ProgramOperation> operations = [];

    /// <param name="program">The Program message.</param>
    /// <param name="edge">Edge of the picture that the model declares.</param>
    /// <param name="opset">The opset that belongs to the model's specification version.</param>
    /// <exception cref="BrokenModelException">The message is incomplete, or isn't a program that Core ML accepts.</exception>
    public ProgramGraph(WireMessage program, int edge, string opset, BlobFile blobs)
    {
        var block = Block(program, edge, opset);
        var outputs = block.Texts(2);
        string[] expected = [ModelInterface.Embedding, ModelInterface.Similarity, ModelInterface.Accepted];
        if (!outputs.SequenceEqual(expected))
        {
            throw new BrokenModelException($"its program gives [{string.Join(", ", outputs)}], expected [{string.Join(", ", expected)}]");
        }

        HashSet<string> names = [ModelInterface.Input];
        foreach (var message in block.Messages(3, "an operation", 1, 2, 3, 5))
        {
            var operation = ProgramOperation.Read(message, blobs);
            if (!names.Add(operation.Output))
            {
                throw new BrokenModelException($"two operations make {operation.Output}");
            }

            Add(operation, dequantises: opset != "CoreML5");
        }

        blobs.RequireAllRead();
    }

    /// <inheritdoc/>
    public GraphOutputs Run(Tensor pixels)
    {
        var values = new Dictionary<string, ProgramValue>(weights) { [ModelInterface.Input] = new(pixels, Element.Float32) };
        foreach (var operation in operations)
        {
            var rule = ProgramRule.All[operation.Kind];
            var call = new ProgramCall(operation, values, constants);
            var element = rule.Result(call, call.Shared(rule.Tensors));
            var result = rule.Compute(call);
            var type = new TensorType(element, result.shape);
            if (type != operation.Type)
            {
                throw new BrokenModelException($"{operation.Output} is {type}, declared as {operation.Type}");
            }

            values.Add(operation.Output, new ProgramValue(element == Element.Float16 ? Arithmetic.ToHalfAndBack(result) : result, element));
        }

        return new GraphOutputs(Output(ModelInterface.Embedding), Output(ModelInterface.Similarity), Output(ModelInterface.Accepted));

        Tensor Output(string name) => values.TryGetValue(name, out var value) && value.Element == Element.Float32
            ? value.Tensor
            : throw new BrokenModelException($"its program makes no float32 {name}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in weights.Values)
        {
            value.Tensor.Dispose();
        }
    }

    private static WireMessage Block(WireMessage program, int edge, string opset)
    {
        var functions = program.Map(2, "a function");
        if (program.Number(1) != 1 || functions is not [("main", var body)])
        {
            throw new BrokenModelException("its program is of another version, or has other functions than 'main'");
        }

        var function = new WireMessage(body, "the function", 1, 2, 3);
        var input = function.Message(1, "the function's input", 1, 2);
        var type = TensorType.Read(input.Message(2, "the input's type", 1), "the input");
        var expected = new TensorType(Element.Float32, [1, 3, edge, edge]);
        if (input.Text(1) != ModelInterface.Input || type != expected)
        {
            throw new BrokenModelException($"its function takes {input.Text(1)}, {type}, expected {ModelInterface.Input}, {expected}");
        }

        return function.Text(2) == opset && function.Map(3, "a block") is [var (name, block)] && name == opset
            ? new WireMessage(block, "the block", 2, 3)
            : throw new BrokenModelException($"its function is written for '{function.Text(2)}', expected '{opset}'");
    }

    private void Add(ProgramOperation operation, bool dequantises)
    {
        switch (operation.Kind)
        {
            case "const":
                operation.Require([], "val");
                AddConstant(operation, operation.Attribute("val"));
                break;
            case "constexpr_affine_dequantize" when dequantises:
                operation.Require([], "quantized_data", "zero_point", "scale", "axis");
                weights.Add(operation.Output, new ProgramValue(Dequantised(operation), operation.Type.Element));
                break;
            case var kind when ProgramRule.All.TryGetValue(kind, out var rule):
                operation.Require(rule.Tensors.Concat(rule.Settings));
                operations.Add(operation);
                break;
            default:
                throw new BrokenModelException(
                    $"{operation.Output} is made by '{operation.Kind}', an operation that no gate of this specification has");
        }
    }

    private void AddConstant(ProgramOperation operation, Constant value)
    {
        if (value.Type != operation.Type)
        {
            throw new BrokenModelException($"{operation.Output} is {value.Type}, declared as {operation.Type}");
        }

        constants.Add(operation.Output, value);
        if (value.Type.Element is Element.Float32 or Element.Float16)
        {
            weights.Add(operation.Output, new ProgramValue(value.Floats(operation.Output), value.Type.Element));
        }
    }

    /// <summary>Computes scale · (q − zero point) for each output channel, in the type of the scales.</summary>
    private static Tensor Dequantised(ProgramOperation operation)
    {
        var (data, zero, scale) = (operation.Attribute("quantized_data"), operation.Attribute("zero_point"), operation.Attribute("scale"));
        var channels = new TensorType(operation.Type.Element, [operation.Type.Shape[0]]);
        if (data.Type != operation.Type with { Element = Element.Int8 } || scale.Type != channels
            || zero.Type != channels with { Element = Element.Int8 }
            || operation.Type.Element is not (Element.Float16 or Element.Float32)
                || operation.Attribute("axis").Wholes($"axis of {operation.Output}", -1)[0] != 0)
        {
            throw new BrokenModelException(
                $"{operation.Output} is {operation.Type}, made of {data.Type}, zero points {zero.Type} and scales {scale.Type}, which "
                + "don't fit");
        }

        using var scope = NewDisposeScope();
        long[] wide = [-1, .. Enumerable.Repeat(1L, operation.Type.Shape.Length - 1)];
        var whole = data.Floats(operation.Output) - zero.Floats(operation.Output).reshape(wide);
        var widened = whole * scale.Floats(operation.Output).reshape(wide);
        return (operation.Type.Element == Element.Float16 ? Arithmetic.ToHalfAndBack(widened) : widened).MoveToOuterDisposeScope();
    }
}
