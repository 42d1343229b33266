using Trainer.Core.Validation;

namespace Trainer.Core.Runs;

/// <summary>How long validations have brought nothing new: what <see cref="TrainingOptions.Patience"/> waits for.</summary>
/// <param name="Height">AUROC of the validation that last rose above the one before it by more than noise.</param>
/// <param name="Length">Validations since then.</param>
public sealed record Plateau(double Height, int Length)
{
    /// <summary>After one more validation. Where nothing can be compared it never grows.</summary>
    /// <remarks>Heights are compared with the last rise, not with the last validation: small steps up add up to a rise.</remarks>
    /// <param name="before">Null before the first validation.</param>
    public static Plateau After(Plateau? before, ValidationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return before is null || double.IsNaN(result.Auroc) || result.Bar > before.Height ? new(result.Auroc, 0) : before with { Length = before.Length + 1 };
    }
}
