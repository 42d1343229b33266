using System.Globalization;
using System.Text;
using Trainer.Core.Gates;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Gates;

public sealed class EmbeddingTextTests
{
    [Fact]
    public void TextIsNumpysByteForByte()
    {
        var values = GoldenFiles.Tensors("embedding.safetensors").Tensors["written_f32"].ToSingles();

        var text = EmbeddingText.Format(values);

        Assert.Equal(File.ReadAllBytes(GoldenFiles.PathOf("embedding.txt")), Encoding.ASCII.GetBytes(text));
    }

    [Fact]
    public void NumpysTextIsReadExactly()
    {
        var values = GoldenFiles.Tensors("embedding.safetensors").Tensors["written_f32"].ToSingles();

        Assert.Equal(values, EmbeddingText.Parse(File.ReadAllText(GoldenFiles.PathOf("embedding.txt"))));
    }

    /// <summary>The output of C's printf for the same floats; the fourth is exactly between two last digits.</summary>
    [Theory]
    [InlineData(0f, "0.000000000000000000e+00")]
    [InlineData(1f, "1.000000000000000000e+00")]
    [InlineData(-0.1f, "-1.000000014901161194e-01")]
    [InlineData(1f / (1 << 28), "3.725290298461914062e-09")]
    [InlineData(float.MaxValue, "3.402823466385288598e+38")]
    [InlineData(float.Epsilon, "1.401298464324817071e-45")]
    public void EveryExponentHasTwoDigits(float value, string text) => Assert.Equal(text + "\n", EmbeddingText.Format([value]));

    [Fact]
    public void EveryFloatComesBack()
    {
        var random = new CounterRandom(1);
        var values = new float[2000];
        for (var i = 0; i < values.Length; i++)
        {
            do
            {
                values[i] = BitConverter.UInt32BitsToSingle((uint)random.NextUInt64());
            }
            while (!float.IsFinite(values[i]));
        }

        Assert.Equal(values, EmbeddingText.Parse(EmbeddingText.Format(values)));
    }

    [Theory]
    [InlineData("1\r\n2\r\n")]
    [InlineData("1\n2")]
    [InlineData("  1e0\n\n 2.0 \n")]
    public void OtherLineEndsAndBlanksAreRead(string text) => Assert.Equal([1, 2], EmbeddingText.Parse(text));

    [Fact]
    public void LineThatIsNoNumberIsNamed()
    {
        var error = Assert.Throws<TrainerException>(() => EmbeddingText.Parse("1\nzwei\n3"));

        Assert.Equal("Line 2 of the embedding isn't a number: 'zwei'.", error.Message);
    }

    [Fact]
    public void CultureDoesNotMatter()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (commas.NumberFormat.NumberDecimalSeparator, commas.NumberFormat.NegativeSign) = (",", "~");
            CultureInfo.CurrentCulture = commas;

            Assert.Equal("-5.000000000000000000e-01\n", EmbeddingText.Format([-0.5f]));
            Assert.Equal([-0.5f], EmbeddingText.Parse("-5.0e-01\n"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
