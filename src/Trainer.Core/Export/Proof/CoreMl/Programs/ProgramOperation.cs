namespace Trainer.Core.Export.Proof.CoreMl.Programs;

/// <summary>An operation of an ML Program.</summary>
/// <param name="Kind">Operation type: conv, add, const and so on.</param>
/// <param name="Output">Name of the output.</param>
/// <param name="Arguments">Names of each parameter's values, nearly always one.</param>
/// <param name="Constants">The operation's attributes.</param>
internal sealed record ProgramOperation(
    string Kind, string Output, TensorType Type, IReadOnlyDictionary<string, string[]> Arguments,
    IReadOnlyDictionary<string, Constant> Constants)
{
    public static ProgramOperation Read(WireMessage message, BlobFile blobs)
    {
        var kind = message.Text(1);
        var output = message.Message(3, $"an output of {kind}", 1, 2);
        var name = output.Text(1);
        ProgramNames.Require(name);
        var operation = new ProgramOperation(
            kind,
            name,
            TensorType.Read(output.Message(2, $"the type of {name}", 1), name),
            message.Map(2, $"an argument of {name}").ToDictionary(entry => entry.Key, entry => Bindings(entry.Value, name)),
            message.Map(5, $"an attribute of {name}")
            .ToDictionary(entry => entry.Key, entry => Constant.Read(entry.Value, $"{entry.Key} of {name}", blobs)));
        return operation.Constants.TryGetValue("name", out var own) && own.Text($"the name of {name}").Length > 0
            ? operation
            : throw new BrokenModelException($"{name} lacks its attribute 'name'");
    }

    public Constant Attribute(string attribute) => Constants.TryGetValue(attribute, out var constant)
        ? constant
        : throw new BrokenModelException($"{Output} is a {Kind} without '{attribute}'");

    /// <exception cref="BrokenModelException">The operation has other arguments or attributes.</exception>
    public void Require(IEnumerable<string> arguments, params string[] attributes)
    {
        if (!Arguments.Keys.Order().SequenceEqual(arguments.Order())
            || !Constants.Keys.Order().SequenceEqual(attributes.Append("name").Order()))
        {
            throw new BrokenModelException($"{Output} is a {Kind} with arguments [{string.Join(", ", Arguments.Keys)}] and attributes "
                + $"[{string.Join(", ", Constants.Keys)}], expected [{string.Join(", ", arguments)}] and "
                    + $"[{string.Join(", ", attributes.Append("name"))}]");
        }
    }

    private static string[] Bindings(ReadOnlyMemory<byte> argument, string name) =>
        [.. new WireMessage(argument, $"an argument of {name}", 1).Messages(1, $"an argument of {name}", 1)
            .Select(binding => binding.Text(1))];
}
