using System.Text.Json;
using TorchSharp;
using Trainer.Core.Losses;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Losses;

public sealed class ArcFaceHeadTests
{
    private const double LossTolerance = 2e-6;     // relative
    private const double GradientTolerance = 1e-6; // absolute
    private const double Float64Tolerance = 1e-9;  // relative
    private const double Margin = 0.5;

    public static TheoryData<string> Cases => [.. Golden.EnumerateArray().Select(c => Text(c, "name"))];

    private static JsonElement Golden => GoldenFiles.Json("arcface.json").GetProperty("cases");

    [Theory]
    [MemberData(nameof(Cases))]
    public void AgreesWithPytorchMetricLearning(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.EnumerateArray().Single(c => Text(c, "name") == name);
        var file = GoldenFiles.Tensors("arcface.safetensors");
        using var head = Head(file.Tensor($"{name}.W"), Number(golden, "margin_degrees") * Math.PI / 180, Number(golden, "scale"));
        var embeddings = file.Tensor($"{name}.embeddings").requires_grad_();

        var loss = head.Loss(embeddings, file.Tensor($"{name}.labels"));
        loss.backward();

        Assert.Equal(1, Relative(Number(golden, "loss_f32"), loss.item<float>()), LossTolerance);
        AssertClose(file.Tensor($"{name}.grad_W"), head.ClassWeights.grad);
        if (name == "c11_zero_row")
        {
            AssertFinite(embeddings.grad); // the reference is 1e12 there, because a zero embedding has no direction
        }
        else
        {
            AssertClose(file.Tensor($"{name}.grad_embeddings"), embeddings.grad);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AgreesWithTheReferenceInDoublePrecision(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.EnumerateArray().Single(c => Text(c, "name") == name);
        var file = GoldenFiles.Tensors("arcface.safetensors");
        var weights = file.Tensor($"{name}.W").to(ScalarType.Float64);
        using var head = Head(weights, Number(golden, "margin_degrees") * Math.PI / 180, Number(golden, "scale"));

        var loss = head.Loss(file.Tensor($"{name}.embeddings").to(ScalarType.Float64), file.Tensor($"{name}.labels"));

        Assert.Equal(1, Relative(Number(golden, "loss_f64"), loss.item<double>()), Float64Tolerance);
    }

    [Theory]
    [InlineData(2, 0.5, 64)]
    [InlineData(3, 0.5, 30)]
    [InlineData(5, 1.2, 8)]
    [InlineData(2, 0.0, 64)]     // without a margin: plain scaled cosines
    [InlineData(2, Math.PI, 16)] // every angle is past the turn
    public void AgreesWithTheFormulaWrittenOut(int classes, double margin, double scale)
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(classes);
        const int Count = 12, Size = 6; // so few dimensions that all angles occur
        var weights = randn(Size, classes, ScalarType.Float64);
        var embeddings = randn(Count, Size, ScalarType.Float64) * 3;
        long[] labels = [.. Enumerable.Range(0, Count).Select(i => (long)(i % classes))];
        using var head = Head(weights, margin, scale);

        var logits = head.forward(embeddings, tensor(labels)).data<double>().ToArray();

        for (var i = 0; i < Count; i++)
        {
            for (var c = 0; c < classes; c++)
            {
                var expected = PlainArcFace.Logit(embeddings, weights, i, c, c == labels[i] ? margin : null) * scale;
                Assert.Equal(expected, logits[(i * classes) + c], tolerance: 1e-9);
            }
        }
    }

    [Fact]
    public void LossIsTheMeanCrossEntropyOfTheLogits()
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(7);
        using var head = Head(randn(6, 3, ScalarType.Float64), Margin, 8);
        var embeddings = randn(5, 6, ScalarType.Float64);
        long[] labels = [0, 1, 2, 1, 0];

        var loss = head.Loss(embeddings, tensor(labels)).item<double>();

        var logits = head.forward(embeddings, tensor(labels)).data<double>().ToArray();
        double sum = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var row = logits[(i * 3)..((i * 3) + 3)];
            sum += Math.Log(row.Sum(Math.Exp)) - row[labels[i]];
        }

        Assert.Equal(sum / labels.Length, loss, tolerance: 1e-12);
    }

    [Fact]
    public void GradientsAgreeWithSmallSteps()
    {
        const double Step = 1e-6;
        using var scope = NewDisposeScope();
        _ = manual_seed(8);
        using var head = Head(randn(4, 3, ScalarType.Float64), Margin, 16);
        var embeddings = randn(6, 4, ScalarType.Float64).requires_grad_();
        var labels = tensor(new long[] { 0, 1, 2, 2, 1, 0 });

        head.Loss(embeddings, labels).backward();

        foreach (var (values, gradient) in new[] { (embeddings, embeddings.grad), (head.ClassWeights, head.ClassWeights.grad) })
        {
            var analytic = gradient!.data<double>().ToArray(); // not null after backward
            using var _ = no_grad();
            var flat = values.view(-1);
            for (var i = 0; i < analytic.Length; i++)
            {
                var value = flat[i].item<double>();
                flat[i] = value + Step;
                var above = head.Loss(embeddings, labels).item<double>();
                flat[i] = value - Step;
                var below = head.Loss(embeddings, labels).item<double>();
                flat[i] = value;

                Assert.Equal((above - below) / (2 * Step), analytic[i], tolerance: 1e-6);
            }
        }
    }

    [Theory]
    [InlineData(1, ScalarType.Float32)]
    [InlineData(-1, ScalarType.Float32)]
    [InlineData(1, ScalarType.Float64)]
    [InlineData(-1, ScalarType.Float64)]
    public void ExactlyParallelOrOppositeGivesFiniteGradients(int cosine, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var axes = eye(4, dtype: type)[TensorIndex.Colon, TensorIndex.Slice(0, 2)]; // [4, 2]: their lengths are exactly 1
        using var head = Head(axes, Margin, 64);
        var embeddings = (axes.T * cosine).contiguous().requires_grad_();

        var loss = head.Loss(embeddings, tensor(new long[] { 0, 1 }));
        loss.backward();

        AssertFinite(loss);
        AssertFinite(embeddings.grad);
        AssertFinite(head.ClassWeights.grad);
    }

    [Fact]
    public void LengthsDoNotMatter()
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(9);
        var (weights, embeddings, labels) = (randn(8, 2), randn(4, 8), tensor(new long[] { 0, 1, 0, 1 }));
        using var head = Head(weights, Margin, 64);
        using var longer = Head(weights * 17, Margin, 64);

        var (loss, other) = (head.Loss(embeddings, labels).item<float>(), longer.Loss(embeddings * 0.01, labels).item<float>());

        Assert.Equal(1, Relative(loss, other), tolerance: 1e-5);
    }

    [Fact]
    public void MarginMakesTheOwnClassHarder()
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(10);
        var (weights, embeddings, labels) = (randn(8, 2), randn(16, 8), ones(16, ScalarType.Int64));
        using var without = Head(weights, 0, 64);
        using var with = Head(weights, Margin, 64);

        var difference = with.forward(embeddings, labels) - without.forward(embeddings, labels);

        Assert.All(difference[TensorIndex.Colon, 0].data<float>().ToArray(), other => Assert.Equal(0, other));
        Assert.All(difference[TensorIndex.Colon, 1].data<float>().ToArray(), own => Assert.True(own < 0));
    }

    [Fact]
    public void ItsCheckpointKeyIsW()
    {
        using var head = new ArcFaceHead(2, 512, Margin, 64);

        var (name, weights) = Assert.Single(head.state_dict());

        Assert.Equal("W", name);
        Assert.Equal([512, 2], weights.shape);
    }

    [Theory]
    [InlineData(1, 512, 0.5, 64)]
    [InlineData(2, 0, 0.5, 64)]
    [InlineData(2, 512, -0.1, 64)]
    [InlineData(2, 512, 28.6, 64)] // degrees
    [InlineData(2, 512, 0.5, 0)]
    public void ArgumentsOutsideTheirRangeAreRefused(int classes, int size, double margin, double scale) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ArcFaceHead(classes, size, margin, scale));

    private static ArcFaceHead Head(Tensor weights, double margin, double scale)
    {
        var head = new ArcFaceHead((int)weights.shape[1], (int)weights.shape[0], margin, scale);
        head.to(weights.dtype);
        using var _ = no_grad();
        head.ClassWeights.copy_(weights);
        return head;
    }

    private static void AssertClose(Tensor expected, Tensor? actual)
    {
        AssertFinite(actual);
        Assert.Equal(0, (actual! - expected).abs().max().item<float>(), GradientTolerance); // not null after the check above
    }

    private static void AssertFinite(Tensor? values)
    {
        Assert.NotNull(values);
        Assert.True(values.isfinite().all().item<bool>());
    }

    /// <summary>actual / expected, or 1 if both are nearly zero.</summary>
    private static double Relative(double expected, double actual) =>
        Math.Abs(expected) < 1e-12 && Math.Abs(actual) < 1e-12 ? 1 : actual / expected;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
