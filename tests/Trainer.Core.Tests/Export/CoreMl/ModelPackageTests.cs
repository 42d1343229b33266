using System.Globalization;
using System.Text.Json.Nodes;
using Trainer.Core.Export;
using Trainer.Core.Export.CoreMl;
using Trainer.Core.Export.CoreMl.Schema;
using Trainer.Core.Export.Proof.CoreMl;
using Trainer.Core.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Export.CoreMl;

public sealed class ModelPackageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string path;

    public ModelPackageTests() => path = Path.Combine(folder.Root, "x.mlpackage");

    public void Dispose() => folder.Dispose();

    private static ModelPackage Package => WrittenGates.Package(Precision.Fp16);

    [Fact]
    public void WrittenPackageOpens()
    {
        Package.Write(path);

        using var gate = CoreMlGate.Open(path);
        Assert.Equal(WrittenGates.Accepted.Cosine, gate.Threshold);
        Assert.Equal(Package.Size, Directory.GetFiles(path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void ManifestNamesModelAndWeights()
    {
        Package.Write(path);

        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "Manifest.json")))!;
        var root = manifest["itemInfoEntries"]![(string)manifest["rootModelIdentifier"]!]!;
        Assert.Equal("1.0.0", (string)manifest["fileFormatVersion"]!);
        Assert.Equal(("com.apple.CoreML", "model.mlmodel", "com.apple.CoreML/model.mlmodel"),
            ((string)root["author"]!, (string)root["name"]!, (string)root["path"]!));
        Assert.All(manifest["itemInfoEntries"]!.AsObject(), item =>
        {
            Assert.True(Guid.TryParse(item.Key, out _));
            Assert.True(Path.Exists(Path.Combine(path, "Data", (string)item.Value!["path"]!)));
        });
    }

    [Fact]
    public void SameGateMakesTheSameBytes() => Assert.Equal(
        Package.Files.Select(file => (file.Path, Convert.ToHexString(file.Content))),
        MlProgramModel.Write(WrittenGates.Source(WrittenGates.Network, Precision.Fp16))
        .Files.Select(file => (file.Path, Convert.ToHexString(file.Content))));

    [Fact]
    public void OldPackageIsReplacedAsAWhole()
    {
        Package.Write(path);
        folder.Write("x.mlpackage/Data/left-over.txt");

        WrittenGates.Package(Precision.Fp32).Write(path);

        Assert.Equal(3, Directory.GetFiles(path, "*", SearchOption.AllDirectories).Length);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void FolderThatIsNoPackageIsLeftAlone()
    {
        var photo = folder.Write("x.mlpackage/photo.jpg", 1, 2, 3);

        var error = Assert.Throws<TrainerException>(() => Package.Write(path));

        Assert.StartsWith($"'{path}' already exists and isn't an .mlpackage", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(photo));
    }

    [Fact]
    public void MissingFolderIsTheUsersError()
    {
        var nowhere = Path.Combine(folder.Root, "gone", "x.mlpackage");

        Assert.StartsWith(
            $"Can't write '{nowhere}'", Assert.Throws<TrainerException>(() => Package.Write(nowhere)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MetadataSaysWhatAnAppNeeds(bool isLegacy)
    {
        var description =
            Model.Parser.ParseFrom(isLegacy ? WrittenGates.LegacyModel(Precision.Int8) : WrittenGates.Package(Precision.Int8).Model)
            .Description;

        var metadata = description.Metadata.UserDefined;
        Assert.Equal(WrittenGates.Accepted.Cosine, float.Parse(metadata["threshold"], CultureInfo.InvariantCulture));
        Assert.Equal((WrittenGates.Subject.Sha256, Preprocessing.Default.Description),
            (metadata["centroid_sha256"], metadata["preprocessing"]));
        Assert.Equal(("0.95", "int8", "1.2.3"), (metadata["promised_accept_rate"], metadata["precision"], metadata["trainer_version"]));
        Assert.StartsWith("centre square", metadata["crop"], StringComparison.Ordinal);
        Assert.Equal(
            ["centroid_sha256", "crop", "decision", "precision", "preprocessing", "preprocessing_version", "promise",
                "promised_accept_rate", "threshold", "trainer_version"],
            metadata.Keys.Order());
    }

    [Fact]
    public void CentroidStandsInFullPrecision()
    {
        var program = Model.Parser.ParseFrom(Package.Model).MlProgram.Functions["main"].BlockSpecializations["CoreML5"];
        var offset = (int)program.Operations.Single(operation => operation.Outputs[0].Name == "centroid")
            .Attributes["val"].BlobFileValue.Offset;

        var values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Package.Weights.AsSpan(offset + 64, 512 * 4));

        Assert.Equal(0, offset % 64);
        Assert.Equal(WrittenGates.Subject.Values, values.ToArray());
    }
}
