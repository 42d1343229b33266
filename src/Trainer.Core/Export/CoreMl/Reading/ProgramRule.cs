using static TorchSharp.torch;

namespace Trainer.Core.Export.CoreMl.Reading;

/// <summary>What an operation takes and how it is computed, by Core ML's public description of it.</summary>
/// <param name="Tensors">Arguments that are tensors, all of one element.</param>
/// <param name="Settings">Arguments that are constants.</param>
internal sealed record ProgramRule(string[] Tensors, string[] Settings, Func<ProgramCall, Tensor> Compute)
{
    /// <summary>The operations that a gate is made of.</summary>
    public static readonly IReadOnlyDictionary<string, ProgramRule> All = new Dictionary<string, ProgramRule>
    {
        ["mul"] = new(["x", "y"], [], call => call["x"] * call["y"]),
        ["add"] = new(["x", "y"], [], call => call["x"] + call["y"]),
        ["real_div"] = new(["x", "y"], [], call => call["x"] / call["y"]),
        ["greater_equal"] = new(["x", "y"], [], call => call["x"].ge(call["y"])) { Result = (_, _) => Element.Bool },
        ["relu6"] = new(["x"], [], call => nn.functional.relu6(call["x"])),
        ["cast"] = new(["x"], ["dtype"], call => call["x"].to(ScalarType.Float32)) { Result = (call, _) => Named(call.Text("dtype")) },
        ["conv"] = new(["x", "weight", "bias"], ["strides", "pad_type", "pad", "dilations", "groups"], Convolution),
        ["linear"] = new(["x", "weight", "bias"], [], call => nn.functional.linear(call["x"], call["weight"], call["bias"])),
        ["reduce_mean"] = new(["x"], ["axes", "keep_dims"], call => call["x"].mean(call.Wholes("axes", 2), call.Truth("keep_dims"))),
        ["reduce_l2_norm"] = new(["x"], ["axes", "keep_dims"], call => call["x"].square().sum(call.Wholes("axes", 1), call.Truth("keep_dims")).sqrt()),
    };

    /// <summary>Element of the result, from that of the tensors.</summary>
    public Func<ProgramCall, Element, Element> Result { get; init; } = (_, shared) => shared;

    private static Tensor Convolution(ProgramCall call)
    {
        var pad = call.Wholes("pad", 4); // top, bottom, left, right
        if (call.Text("pad_type") != "custom" || pad[0] != pad[1] || pad[2] != pad[3])
        {
            throw new BrokenModelException($"a convolution pads '{call.Text("pad_type")}' by [{string.Join(", ", pad)}], expected the same on opposite sides");
        }

        return nn.functional.conv2d(
            call["x"], call["weight"], call["bias"], call.Wholes("strides", 2), [pad[0], pad[2]], call.Wholes("dilations", 2), call.Whole("groups"));
    }

    private static Element Named(string dtype) => dtype switch
    {
        "fp16" => Element.Float16,
        "fp32" => Element.Float32,
        _ => throw new BrokenModelException($"a cast goes to '{dtype}', expected fp16 or fp32"),
    };
}
