#:property RestorePackagesWithLockFile=false
#:property EnforceCodeStyleInBuild=false
#:property GenerateDocumentationFile=false
#:property TreatWarningsAsErrors=false
#:property PublishAot=false
// old-runs.cs CHECKPOINT OUTPUT
// old-runs.cs --pack FILE
// Writes start weights for the network of a checkpoint in which only four channels of each layer are used, and all others are exactly 0 in
// the forward
// and the backward pass. A run from them has checkpoints of 35 MB like any other, but they hold few different numbers, and so compress to a
// hundredth.
// With --pack it compresses a file to FILE.br.
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

if (args[0] == "--pack")
{
    using var packed = new BrotliStream(File.Create(args[1] + ".br"), CompressionLevel.SmallestSize);
    packed.Write(File.ReadAllBytes(args[1]));
    return;
}

const int Alive = 4;
var random = new Random(1);
var source = File.ReadAllBytes(args[0]);
var header = JsonNode.Parse(Encoding.UTF8.GetString(source, 8, (int)BinaryPrimitives.ReadInt64LittleEndian(source)))!.AsObject();
var (made, data) = (new JsonObject(), new MemoryStream());
foreach (var (name, tensor) in header.Where(entry => entry.Key.StartsWith("network.")))
{
    var shape = tensor!["shape"]!.AsArray().Select(size => (int)size!).ToArray();
    var begin = data.Length;
    data.Write((string)tensor["dtype"]! == "F32" ? MemoryMarshal.AsBytes<float>(Values(name["network.".Length..], shape))
        : new byte[8 * shape.Aggregate(1, (a, b) => a * b)]);
    made[name["network.".Length..]] =
        new JsonObject { ["dtype"] = (string)tensor["dtype"]!, ["shape"] = tensor["shape"]!.DeepClone(),
        ["data_offsets"] = new JsonArray(begin, data.Length) };
}

var text = Encoding.UTF8.GetBytes(made.ToJsonString());
var length = new byte[8];
BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
File.WriteAllBytes(args[1], [.. length, .. text, .. data.ToArray()]);

float[] Values(string name, int[] shape)
{
    var values = new float[shape.Aggregate(1, (a, b) => a * b)];
    var each = values.Length / shape[0]; // numbers per output channel
    if (shape.Length == 1) // a batch norm's tensor, or the last layer's bias
    {
        var isRectified = Regex.IsMatch(name, @"\.(0\.1|1\.1)\.") || Regex.IsMatch(name, @"features\.(0|18)\.1\.");
        Array.Fill(values, name.EndsWith("running_var") || (name.EndsWith(".weight")) ? 1 : 0);
        if (name.EndsWith(".bias") && name != "fc.bias")
        {
            Array.Fill(values, isRectified ? -1 : 0); // a channel of zeros stays 0 after the ReLU
            Array.Fill(values, isRectified ? 0.5f : 0, 0, Math.Min(Alive, values.Length));
        }

        return values;
    }

    var inputs = name == "fc.weight" ? Alive : Math.Min(shape[1], Alive);
    var kernel = shape.Length == 4 ? shape[2] * shape[3] : 1;
    for (var o = 0; o < (name == "fc.weight" ? shape[0] : Math.Min(shape[0], Alive)); o++)
    {
        for (var i = 0; i < inputs * kernel; i++)
        {
            values[(o * each) + i] =
                (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()) * Math.Sqrt(
                2.0 / (inputs * kernel)));
        }
    }

    return values;
}
