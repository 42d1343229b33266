namespace Trainer.Core.Tests.House;

/// <summary>The rooms of the library in their order: a room may use those before it.</summary>
internal static class Rooms
{
    /// <summary>The folders of src/Trainer.Core from the bottom up, and what each is for.</summary>
    public static readonly IReadOnlyList<(string Name, string What)> All =
    [
        ("Wording", "how messages count things and guess at what was meant"),
        ("Randomness", "one counter-based generator: every random choice is a function of its place"),
        ("Platform",
            "files written whole, the user's cache, and the one start of libtorch and ONNX Runtime: environment, threads, the check that "
            + "convolutions are right"),
        ("Ranks", "several processes on one run: MPI by its C functions (Mpi), sums in a fixed tree, work cut into portions"),
        ("Catalog", "folders to entries; parts; which pictures an epoch shows"),
        ("Imaging", "file to 8-bit RGB (Decoding), the contract of the input, Augmenting, Caching, Similarity"),
        ("Samples", "pictures drawn for the quick start and the tests"),
        ("Kernels", "products, depthwise filters, batch norm and statistics over maps in memory, in vectors, with their gradients"),
        ("Networks", "MobileNetV2, the features read off its maps, and the embedding: by libtorch, and by the kernels (Passes)"),
        ("Losses", "ArcFace and its peers, on two classes and on many; contrast between photos"),
        ("Metrics", "AUROC, rates, distributions: spans in, numbers out"),
        ("Weights", "Safetensors, PyTorch's .pth of both formats (Pickling), torchvision's public file, the weights built in"),
        ("Batching", "parallel decoding into batches, in order"),
        ("Gates", "sums over features, the head in closed form, centroid, threshold, `embedding.txt`"),
        ("Fitting", "a gate computed from pictures"),
        ("Evaluation", "a gate measured on pictures"),
        ("Inspection", "what is wrong with the pictures: copies, shortcuts, too few"),
        ("Runs", "what a run leaves: Options, Files, the folder; the gate of a checkpoint"),
        ("Optimizing", "from gradients to new weights: AdamW, SGD, rates, the blend of start and end"),
        ("Training", "from options to a run: Planning, the loop, Saving"),
        ("Reporting", "the page for people: verdict, evidence, Charts, Pages"),
        ("Export", "ONNX, Core ML and LiteRT, the camera page around one, and the Proof that all decide the same"),
        ("Scoring", "any number of pictures through a gate, on all cores"),
        ("Benchmarks", "how fast each stage goes, and the whole"),
    ];

    /// <summary>Rooms that are pure .NET.</summary>
    public static readonly IReadOnlyList<string> WithoutTensors =
        ["Wording", "Randomness", "Ranks", "Catalog", "Imaging", "Kernels", "Metrics", "Samples"];

    /// <summary>The position of a room; the lowest is 0.</summary>
    public static int StoreyOf(string room) => All.Index().Single(r => r.Item.Name == room).Index;
}
