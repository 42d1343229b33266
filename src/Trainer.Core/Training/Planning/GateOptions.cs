using Trainer.Core.Runs.Options;

namespace Trainer.Core.Training.Planning;

/// <summary>Options that only one kind of gate has. The other kind would silently ignore them, so they are refused.</summary>
internal static class GateOptions
{
    private static readonly string[] OfClosedForm = ["negative", "clusters", "trainedShare"];

    private static readonly string[] OfCentroid = ["loss", "classLr", "augmentation", "leastArea"];

    /// <summary>Checks that options of the other kind of gate have their defaults.</summary>
    /// <returns>The same options.</returns>
    /// <exception cref="TrainerException">An option belongs to the other kind of gate.</exception>
    public static TrainingOptions Require(TrainingOptions options)
    {
        var isClosedForm = options.Gate == GateKind.ClosedForm;
        var (chosen, defaults) = (OptionsFile.Layer(options), OptionsFile.Layer(new TrainingOptions { Normal = "", Coco = "", Out = "" }));
        // Not null, because both objects hold every option.
        var foreign = (isClosedForm ? OfCentroid : OfClosedForm)
            .FirstOrDefault(name => chosen[name]!.ToJsonString() != defaults[name]!.ToJsonString());
        return foreign is null ? options : throw new TrainerException(
            $"The option {foreign} is {chosen[foreign]}, but only a {(isClosedForm ? "centroid" : "closed-form")} gate has it. "
            + $"Add --gate {(isClosedForm ? "centroid" : "closed-form")}, or leave it out.");
    }
}
