using Trainer.Core.Weights;
using Xunit;

namespace Trainer.Core.Tests.Weights;

public class WeightNamesTests
{
    [Theory]
    [InlineData("head.0.0.weight", "features.0.0.weight")]
    [InlineData("module.head.1.conv.0.0.weight", "features.1.conv.0.0.weight")]
    [InlineData("module.fc.bias", "fc.bias")]
    [InlineData("features.0.0.weight", "features.0.0.weight")]
    [InlineData("classifier.1.weight", "classifier.1.weight")]
    [InlineData("headless.weight", "headless.weight")]
    public void NamesAreBroughtToOurs(string inFile, string ours) => Assert.Equal(ours, WeightNames.Canonical(inFile));
}
