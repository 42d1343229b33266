using Trainer.Core.Optimizing;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Optimizing;

public sealed class WeightBlendTests
{
    [Fact]
    public void InUseTheWeightsLieThatFarFromTheStart()
    {
        using var live = tensor(new[] { 1f, -2f, 8f });
        using var blend = new WeightBlend(live, 0.25);
        using var moved = tensor(new[] { 5f, 2f, 0f });
        live.copy_(moved);

        using (blend.Use())
        {
            Assert.Equal([2f, -1f, 6f], live.data<float>().ToArray());
        }

        Assert.Equal([5f, 2f, 0f], live.data<float>().ToArray());
    }

    [Fact]
    public void UsedTwiceItIsTheSame()
    {
        using var live = tensor(new[] { 0f, 0f });
        using var blend = new WeightBlend(live, 0.3);
        using var moved = tensor(new[] { 1f, 3f });
        live.copy_(moved);
        float[] Used()
        {
            using (blend.Use())
            {
                return live.data<float>().ToArray();
            }
        }

        Assert.Equal(Used(), Used());
    }

    [Fact]
    public void AllTheWayNothingIsKeptOrChanged()
    {
        using var live = tensor(new[] { 1f });
        using var blend = new WeightBlend(live, 1);
        live.fill_(7);

        using (blend.Use())
        {
            Assert.Equal([7f], live.data<float>().ToArray());
        }

        Assert.Empty(blend.State);
    }

    /// <summary>A resumed run restores the blend into the network, and separately the start weights and the trained weights.</summary>
    [Fact]
    public void RestoredWhileInUseItGoesOnAsBefore()
    {
        using var live = tensor(new[] { 1f, 2f });
        using var first = new WeightBlend(live, 0.5);
        using var moved = tensor(new[] { 3f, 6f });
        live.copy_(moved);
        float[] blended, start, kept;
        using (first.Use())
        {
            (blended, start, kept) =
                (live.data<float>().ToArray(), first.State[0].data<float>().ToArray(), first.State[1].data<float>().ToArray());
        }

        using var other = zeros(2);
        using var second = new WeightBlend(other, 0.5);
        using (second.Use())
        {
            other.copy_(tensor(blended));
            second.State[0].copy_(tensor(start));
            second.State[1].copy_(tensor(kept));
        }

        Assert.Equal([3f, 6f], other.data<float>().ToArray());
        using (second.Use())
        {
            Assert.Equal(blended, other.data<float>().ToArray());
        }
    }
}
