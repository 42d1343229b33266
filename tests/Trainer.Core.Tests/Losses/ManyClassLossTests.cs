using TorchSharp;
using Trainer.Core.Losses;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Losses;

public sealed class ManyClassLossTests
{
    private const int Size = 6;
    private static readonly long[] Classes = [0, 0, 1, 1, 2, 2, 2];

    [Fact]
    public void TheStartIsThePrincipalAxesAndTheMeansOfTheClasses()
    {
        using var scope = NewDisposeScope();
        using var loss = Started(out var features);
        var centred = features - features.mean([0]);

        var (axes, bias, classes) = (Weights(loss, "axes.weight"), Weights(loss, "axes.bias"), Weights(loss, "classes.W"));
        var (_, _, principal) = linalg.svd(centred, fullMatrices: false);
        var projected = centred.mm(principal.t()); // [N, Size]
        var found = features.mm(axes.t()).add(bias)[.., ..Size];

        Assert.InRange((found - projected).abs().max().item<float>(), 0, 1e-4);
        Assert.Equal(0, axes[Size..].abs().max().item<float>());
        for (var c = 0; c < 3; c++)
        {
            var mean = projected.index_select(
                0, tensor(Classes.Index().Where(label => label.Item == c).Select(label => (long)label.Index).ToArray())).mean([0]);
            Assert.Equal(1, nn.functional.cosine_similarity(mean, classes[..Size, c], dim: 0).item<float>(), 1e-4);
        }
    }

    [Fact]
    public void TheLossIsArcFaceAndThreeTenthsOfTheContrast()
    {
        using var scope = NewDisposeScope();
        using var loss = Started(out var features);
        var (labels, photos) = (tensor(new long[] { 2, 2, 0, 1 }), tensor(new long[] { 9, 9, 1, 2 }));
        var views = features[3..7];

        var found = loss.Loss(views, labels, photos).item<float>();

        using var arc = new ArcFaceHead(3, 512, 0.2, 16);
        arc.load_state_dict(new() { ["W"] = Weights(loss, "classes.W") });
        using Scalar temperature = 0.25;
        var expected = arc.Loss(views.mm(Weights(loss, "axes.weight").t()).add(Weights(loss, "axes.bias")), labels).item<float>()
            + (0.3f * MeanShiftedContrast.Loss(views, photos, Weights(loss, "centre"), temperature).item<float>());
        Assert.Equal(expected, found, 1e-4);
    }

    [Fact]
    public void FeaturesBehindTheFirstHaveNoSay()
    {
        using var scope = NewDisposeScope();
        using var loss = Started(out var features);
        var (labels, photos) = (tensor(Classes), tensor(Classes));
        var longer = cat([features, randn(features.shape[0], 4)], 1);

        Assert.Equal(loss.Loss(features, labels, photos).item<float>(), loss.Loss(longer, labels, photos).item<float>());
    }

    private static ManyClassLoss Started(out Tensor features)
    {
        var loss = new ManyClassLoss(Size, 3, 0.2, 16);
        features = tensor(
            [.. Enumerable.Range(0, Classes.Length * Size).Select(i => MathF.Sin((7 * i) + 1) + (Classes[i / Size] == i % Size ? 2 : 0))],
            [Classes.Length, Size]);
        loss.StartFrom(features, tensor(Classes), tensor(Classes.Select(c => c == 2).ToArray()));
        return loss;
    }

    private static Tensor Weights(ManyClassLoss loss, string name) => loss.state_dict()[name];
}
