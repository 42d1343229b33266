using System.Collections.Concurrent;
using Trainer.Core.Export;
using Trainer.Core.Export.LiteRt;
using Trainer.Core.Export.LiteRt.Reading;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Export.CoreMl;

namespace Trainer.Core.Tests.Export.LiteRt;

/// <summary>The gates of <see cref="WrittenGates"/> as .tflite files, each written once.</summary>
internal static class WrittenLiteRtGates
{
    private static readonly ConcurrentDictionary<(FeatureKind, Precision), byte[]> Models = [];

    public static byte[] Model(FeatureKind kind, Precision precision) => Models.GetOrAdd((kind, precision), _ => Write(kind, precision));

    public static LiteRtGate Open(FeatureKind kind, Precision precision) => LiteRtGate.Load(Model(kind, precision), "gate.tflite");

    private static byte[] Write(FeatureKind kind, Precision precision)
    {
        var network = WrittenGates.NetworkOf(kind);
        return LiteRtGateModel.Write(
            network, new FloatLayers(network, precision), WrittenGates.SubjectOf(kind), WrittenGates.AcceptedOf(kind), "1.2.3", Preprocessing.Default);
    }
}
