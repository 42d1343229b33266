using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl.Programs;

/// <summary>The arguments and the computation of an operation, by Core ML's public description.</summary>
/// <param name="Tensors">Arguments that are tensors, all of the same element type.</param>
/// <param name="Settings">Arguments that are constants.</param>
internal sealed record ProgramRule(string[] Tensors, string[] Settings, Func<ProgramCall, Tensor> Compute)
{
    /// <summary>The operations in a gate.</summary>
    public static readonly IReadOnlyDictionary<string, ProgramRule> All = new Dictionary<string, ProgramRule>
    {
        ["mul"] = new(["x", "y"], [], call => call["x"] * call["y"]),
        ["add"] = new(["x", "y"], [], call => call["x"] + call["y"]),
        ["sub"] = new(["x", "y"], [], call => call["x"] - call["y"]),
        ["maximum"] = new(["x", "y"], [], call => call["x"].maximum(call["y"])),
        ["square"] = new(["x"], [], call => call["x"].square()),
        ["sqrt"] = new(["x"], [], call => call["x"].sqrt()),
        ["abs"] = new(["x"], [], call => call["x"].abs()),
        ["real_div"] = new(["x", "y"], [], call => call["x"] / call["y"]),
        ["greater_equal"] = new(["x", "y"], [], call => call["x"].ge(call["y"])) { Result = (_, _) => Element.Bool },
        ["relu6"] = new(["x"], [], call => nn.functional.relu6(call["x"])),
        ["cast"] = new(["x"], ["dtype"], call => call["x"].to(ScalarType.Float32)) { Result = (call, _) => Named(call.Text("dtype")) },
        ["conv"] = new(["x", "weight", "bias"], ["strides", "pad_type", "pad", "dilations", "groups"], Convolution),
        ["linear"] = new(["x", "weight", "bias"], [], call => nn.functional.linear(call["x"], call["weight"], call["bias"])),
        ["matmul"] = new(["x", "y"], ["transpose_x", "transpose_y"], call => Matrix(call, "x").matmul(Matrix(call, "y"))),
        ["reshape"] = new(["x"], ["shape"], Reshape),
        ["concat"] = new(["values"], ["axis", "interleave"], Concatenation),
        ["gather"] = new(["x"], ["indices", "axis"], Gathering),
        ["reduce_mean"] = new(["x"], ["axes", "keep_dims"], call => call["x"].mean(call.Wholes("axes", 2), call.Truth("keep_dims"))),
        ["reduce_l2_norm"] =
        new(["x"], ["axes", "keep_dims"], call => call["x"].square().sum(call.Wholes("axes", 1), call.Truth("keep_dims")).sqrt()),
    };

    /// <summary>Element type of the result, given that of the tensors.</summary>
    public Func<ProgramCall, Element, Element> Result { get; init; } = (_, shared) => shared;

    private static Tensor Convolution(ProgramCall call)
    {
        var pad = call.Wholes("pad", 4); // top, bottom, left, right
        if (call.Text("pad_type") != "custom" || pad[0] != pad[1] || pad[2] != pad[3])
        {
            throw new BrokenModelException(
                $"a convolution pads '{call.Text("pad_type")}' by [{string.Join(", ", pad)}], expected the same on opposite sides");
        }

        return nn.functional.conv2d(
            call["x"], call["weight"], call["bias"], call.Wholes("strides", 2), [pad[0], pad[2]], call.Wholes("dilations", 2),
            call.Whole("groups"));
    }

    private static Tensor Matrix(ProgramCall call, string argument) =>
        call.Truth($"transpose_{argument}") ? call[argument].transpose(-1, -2) : call[argument];

    private static Tensor Reshape(ProgramCall call)
    {
        var shape = call.Wholes("shape");
        return shape.All(length => length > 0) && shape.Aggregate(1L, (product, length) => product * length) == call["x"].numel()
            ? call["x"].reshape(shape)
            : throw new BrokenModelException($"[{string.Join(", ", call["x"].shape)}] is reshaped to [{string.Join(", ", shape)}]");
    }

    private static Tensor Concatenation(ProgramCall call) => call.Truth("interleave")
        ? throw new BrokenModelException("a concatenation is interleaved, which no gate's is")
        : cat(call.All("values"), call.Whole("axis"));

    private static Tensor Gathering(ProgramCall call)
    {
        var (indices, axis) = (call.Wholes("indices"), call.Whole("axis"));
        var length = axis >= 0 && axis < call["x"].dim() ? call["x"].shape[axis]
            : throw new BrokenModelException($"a gather goes along the axis {axis}");
        return indices.All(index => index >= 0 && index < length)
            ? call["x"].index_select(axis, tensor(indices))
            : throw new BrokenModelException($"an index of a gather lies outside of 0 to {length - 1}");
    }

    private static Element Named(string dtype) => dtype switch
    {
        "fp16" => Element.Float16,
        "fp32" => Element.Float32,
        _ => throw new BrokenModelException($"a cast goes to '{dtype}', expected fp16 or fp32"),
    };
}
