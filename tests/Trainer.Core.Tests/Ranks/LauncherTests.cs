using Trainer.Core.Ranks;
using Xunit;

namespace Trainer.Core.Tests.Ranks;

public sealed class LauncherTests
{
    [Theory]
    [InlineData("OMPI_COMM_WORLD_SIZE")]
    [InlineData("PMI_SIZE")]
    [InlineData("SLURM_NTASKS")]
    public void OneOfManyIsToldTheOptionThatItLacks(string variable)
    {
        using var launched = new EnvironmentVariable(variable, "4");

        var error = Assert.Throws<TrainerException>(Launcher.RequireAlone);

        Assert.StartsWith($"{variable} is 4: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("--distributed mpi", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")] // a job of one task
    [InlineData("2(x2)")] // no number
    public void OtherwiseAProgramIsAlone(string value)
    {
        using var launched = new EnvironmentVariable("SLURM_NTASKS", value);

        Launcher.RequireAlone();
    }
}
