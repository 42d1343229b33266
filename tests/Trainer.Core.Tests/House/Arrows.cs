using Mono.Cecil;

namespace Trainer.Core.Tests.House;

/// <summary>A type of the library that names another room's type: in a signature, a base type, an attribute, or a method's code.</summary>
/// <param name="From">The type that names.</param>
/// <param name="To">The type that is named.</param>
internal sealed record Arrow(TypeReference From, TypeReference To)
{
    /// <summary>The room of a type: the part of its namespace that follows the library's name; empty for the library's root.</summary>
    public static string RoomOf(TypeReference type)
    {
        var outermost = type;
        while (outermost.DeclaringType is { } outer)
        {
            outermost = outer;
        }

        return outermost.Namespace.Split('.').ElementAtOrDefault(2) ?? "";
    }

    /// <summary>All arrows of an assembly, between rooms and within them, and those to other assemblies.</summary>
    public static IReadOnlyCollection<Arrow> Of(string assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        return [.. module.GetTypes().SelectMany(type => Named(type).SelectMany(Parts).Select(to => new Arrow(type, to))).Distinct()];
    }

    public bool Equals(Arrow? other) => other is not null && From.FullName == other.From.FullName && To.FullName == other.To.FullName;

    public override int GetHashCode() => HashCode.Combine(From.FullName, To.FullName);

    public override string ToString() => $"{From.FullName} names {To.FullName}";

    private static IEnumerable<TypeReference?> Named(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(i => i.InterfaceType),
        .. Attributes(type),
        .. type.Fields.SelectMany(field => Attributes(field).Append(field.FieldType)),
        .. type.Properties.SelectMany(Attributes),
        .. type.Methods.SelectMany(Named),
    ];

    private static IEnumerable<TypeReference?> Named(MethodDefinition method) =>
    [
        method.ReturnType,
        .. Attributes(method),
        .. method.Parameters.SelectMany(parameter => Attributes(parameter).Append(parameter.ParameterType)),
        .. method.HasBody ? method.Body.Variables.Select(v => v.VariableType) : [],
        .. method.HasBody ? method.Body.ExceptionHandlers.Select(handler => handler.CatchType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(instruction => Named(instruction.Operand)) : [],
    ];

    private static IEnumerable<TypeReference?> Named(object operand) => operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method =>
        [method.DeclaringType, method.ReturnType, .. method.GenericArguments, .. method.Parameters.Select(p => p.ParameterType)],
        MethodReference method => [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(p => p.ParameterType)],
        _ => [],
    };

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.Select(attribute => attribute.AttributeType);

    /// <summary>The types that types are composed of.</summary>
    public static IEnumerable<TypeReference> Parts(IEnumerable<TypeReference?> types) => types.SelectMany(Parts);

    /// <summary>List&lt;Batch[]&gt; names List and Batch.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };
}
