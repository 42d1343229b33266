using System.Collections.Concurrent;
using Trainer.Core.Batching;
using Trainer.Core.Export;
using Trainer.Core.Export.LiteRt;
using Trainer.Core.Export.Onnx.Int8;
using Trainer.Core.Export.Proof.LiteRt;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Export.CoreMl;

namespace Trainer.Core.Tests.Export.LiteRt;

/// <summary>The gates of <see cref="WrittenGates"/> as .tflite files, each written once.</summary>
internal static class WrittenLiteRtGates
{
    private static readonly ConcurrentDictionary<(FeatureKind, Precision), byte[]> Models = [];
    private static readonly ConcurrentDictionary<FeatureKind, Int8Network> Networks = [];

    public static byte[] Model(FeatureKind kind, Precision precision) => Models.GetOrAdd((kind, precision), _ => Write(kind, precision));

    /// <summary>The int8 network, whose head isn't recomputed.</summary>
    public static Int8Network Bytes(FeatureKind kind) => Networks.GetOrAdd(kind, NetworkInBytes);

    public static LiteRtGate Open(FeatureKind kind, Precision precision) => LiteRtGate.Load(Model(kind, precision), "gate.tflite");

    private static byte[] Write(FeatureKind kind, Precision precision)
    {
        var network = WrittenGates.NetworkOf(kind);
        ILayers layers = precision == Precision.Int8 ? new ByteLayers(Bytes(kind)) : new FloatLayers(network, precision);
        return LiteRtGateModel.Write(
            network, layers, WrittenGates.SubjectOf(kind), WrittenGates.AcceptedOf(kind), "1.2.3", Preprocessing.Default);
    }

    private static Int8Network NetworkInBytes(FeatureKind kind) =>
        new(WrittenGates.NetworkOf(kind), WrittenGates.Pictures(6).Select(picture => new Batch(picture.Pixels, [default])),
        Preprocessing.Default.Edge);
}
