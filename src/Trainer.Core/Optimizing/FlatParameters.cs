using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Optimizing;

/// <summary>All parameters of a module as one row of numbers, and all their gradients as another.</summary>
/// <remarks>
/// The parameters become views of the row, so an optimizer needs a handful of operations a step instead of several for
/// each of 158 tensors. The gradients are views too: backward adds to them in place, and one call sets them to zero.
/// </remarks>
internal sealed class FlatParameters : IDisposable
{
    /// <summary>Moves the parameters into one row, values unchanged. Call after the module is on its device.</summary>
    public FlatParameters(IEnumerable<Parameter> parameters)
    {
        var all = parameters.ToArray();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var count = all.Sum(p => p.numel());
        Values = zeros(count, all[0].dtype, all[0].device);
        Gradients = zeros_like(Values);
        var offset = 0L;
        foreach (var parameter in all)
        {
            var values = Values.narrow(0, offset, parameter.numel()).view(parameter.shape);
            values.copy_(parameter);
            parameter.set_(values);
            parameter.grad = Gradients.narrow(0, offset, parameter.numel()).view(parameter.shape);
            offset += parameter.numel();
        }

        Values.MoveToOuterDisposeScope();
        Gradients.MoveToOuterDisposeScope();
    }

    /// <summary>The parameters' values, [P].</summary>
    public Tensor Values { get; }

    /// <summary>Their gradients, [P]; backward adds to what is there.</summary>
    public Tensor Gradients { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }
}
