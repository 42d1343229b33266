using System.Text.RegularExpressions;
using Mono.Cecil;
using Xunit;

namespace Trainer.Core.Tests.House;

/// <summary>Keeps the library's public surface as small as the program needs.</summary>
public sealed partial class SurfaceTests
{
    private const string InTheories = "FeatureKind"; // a theory's parameter types have to be public, like the theory

    private static readonly IReadOnlyDictionary<string, TypeDefinition> Public =
        ModuleDefinition.ReadModule(typeof(TrainerException).Assembly.Location)
        .Types.Where(type => type.IsPublic).ToDictionary(type => type.FullName);

    /// <summary>Golden/public-surface.txt lists the public types by room; with UPDATE_GOLDEN=1 in the environment it is written.</summary>
    [Fact]
    public void TheLibraryShowsWhatTheGoldenFileLists()
    {
        var path = Path.Combine(Repository.Root, "tests", "Trainer.Core.Tests", "Golden", "public-surface.txt");
        var rooms = Public.Values.GroupBy(type => type.Namespace).OrderBy(room => room.Key, StringComparer.Ordinal);
        var listed = string.Concat(
            rooms.Select(room =>
            $"{room.Key}\n{string.Concat(room.Select(NameOf).Order(StringComparer.Ordinal).Select(name => $"  {name}\n"))}"));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, listed);
            Assert.Skip($"{path} is written; review its diff.");
        }

        Assert.Equal(File.ReadAllText(path), listed, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void NothingIsPublicThatNobodyOutsideNeeds()
    {
        var outside = new[] { Path.Combine(SourceFiles.Root, "Trainer"), Path.Combine(Repository.Root, "scripts") }
            .SelectMany(folder => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories))
                .SelectMany(file => Word().Matches(File.ReadAllText(file)).Select(match => match.Value)).Append(InTheories).ToHashSet();
        var needed = Public.Values.Where(type => outside.Contains(NameOf(type))).ToHashSet();
        var open = new Queue<TypeDefinition>(needed);
        while (open.TryDequeue(out var type))
        {
            foreach (var shown in Shown(type).Select(name => Public.GetValueOrDefault(name)).OfType<TypeDefinition>().Where(needed.Add))
            {
                open.Enqueue(shown);
            }
        }

        Assert.Empty(Public.Values.Except(needed).Select(type => type.FullName));
    }

    private static string NameOf(TypeDefinition type) => type.Name.Split('`')[0];

    /// <summary>The types in the public surface of a type.</summary>
    private static IEnumerable<string> Shown(TypeDefinition type) => Arrow.Parts(
    [
        type.BaseType,
        .. type.Interfaces.Select(i => i.InterfaceType),
        .. type.Fields.Where(field => field.IsPublic || field.IsFamily).Select(field => field.FieldType),
        .. type.Methods.Where(method => method.IsPublic || method.IsFamily)
        .SelectMany(method => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType)),
        .. type.GenericParameters.SelectMany(parameter => parameter.Constraints.Select(constraint => constraint.ConstraintType)),
        .. type.NestedTypes.Where(nested => nested.IsNestedPublic)
        .SelectMany(nested =>
            nested.Methods.Where(method => method.IsPublic).SelectMany(method => method.Parameters)
        .Select(parameter => parameter.ParameterType)),
    ]).Select(part => part.FullName);

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
