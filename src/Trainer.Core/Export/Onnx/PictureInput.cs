using Trainer.Core.Imaging;

namespace Trainer.Core.Export.Onnx;

/// <summary>
/// The preprocessing as part of the graph: it turns the bytes of a picture of any size into the network's input as in training.
/// </summary>
/// <remarks>
/// Equals <see cref="Resampler"/> to the last bit but one. It works in float32, uses nothing from outside the square (exclude_outside),
/// and rounds half up once at the end. Resize on bytes would also round between the axes, and the share of pixels that differ would rise
/// from 0.004 % to 10 % and more; see docs/decisions/0008.
/// </remarks>
internal static class PictureInput
{
    /// <summary>Description of the input, for people.</summary>
    public const string Contract =
        "uint8 [batch, height, width, 3]: pictures as people see them (upright, sRGB, alpha over white), R G B; any size from 1x1, one "
        + "size a batch";

    /// <summary>Adds the nodes.</summary>
    /// <param name="image">uint8 [N, H, W, 3].</param>
    /// <param name="edge">E.</param>
    /// <returns>The name of the network's input, float32 [N, 3, E, E], −1 to 1.</returns>
    public static string AddTo(OnnxGraph graph, string image, int edge)
    {
        var sides = graph.Add("Shape", "image.sides", [image], OnnxGraph.Whole("start", 1), OnnxGraph.Whole("end", 3)); // [2]
        var square = CentreSquare(graph, image, sides);
        var planes = graph.Add("Transpose", "square.planes", [square], OnnxGraph.Wholes("perm", 0, 3, 1, 2));
        var wide = graph.Add("Cast", "square.float", [planes], OnnxGraph.Whole("to", (long)TensorProto.Types.DataType.Float));
        return Normalise(graph, RoundHalfUp(graph, Resize(graph, image, wide, edge)));
    }

    private static string CentreSquare(OnnxGraph graph, string image, string sides)
    {
        var edge = graph.Add("ReduceMin", "square.edge", [sides], OnnxGraph.Whole("keepdims", 1)); // [1]
        var spare = graph.Add("Sub", "square.spare", [sides, edge]);
        var start = graph.Add("Div", "square.start", [spare, graph.Constant("two", 2L)]); // integer division rounds down, as in CropBox
        var end = graph.Add("Add", "square.end", [start, edge]);
        return graph.Add("Slice", "square", [image, start, end, graph.Constant("square.axes", 1L, 2L)]);
    }

    private static string Resize(OnnxGraph graph, string image, string square, long edge)
    {
        // Gives the sizes of all four axes, because with the attribute "axes" ONNX Runtime 1.31 moves the transposition through and fails.
        var count = graph.Add("Shape", "image.count", [image], OnnxGraph.Whole("start", 0), OnnxGraph.Whole("end", 1));
        var input = graph.Constant("input.shape", 3L, edge, edge);
        var sizes = graph.Add("Concat", "resized.sizes", [count, input], OnnxGraph.Whole("axis", 0));
        return graph.Add(
            "Resize",
            "resized",
            [square, "", "", sizes],
            OnnxGraph.Text("mode", "linear"),
            OnnxGraph.Text("coordinate_transformation_mode", "half_pixel"),
            OnnxGraph.Whole("antialias", 1),
            OnnxGraph.Whole("exclude_outside", 1));
    }

    private static string RoundHalfUp(OnnxGraph graph, string values) =>
        graph.Add("Floor", "rounded", [graph.Add("Add", "rounded.up", [values, graph.Constant("half", [0.5f])])]);

    private static string Normalise(OnnxGraph graph, string pixels)
    {
        var scaled = graph.Add("Div", "scaled", [pixels, graph.Constant("half.range", [(float)Preprocessing.HalfRange])]);
        return graph.Add("Sub", "input", [scaled, graph.Constant("one", [1f])]);
    }
}
