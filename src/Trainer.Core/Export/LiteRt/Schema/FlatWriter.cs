using Google.FlatBuffers;

namespace Trainer.Core.Export.LiteRt.Schema;

/// <summary>Writes a FlatBuffers file by the schema's field numbers. What a table refers to is written before it.</summary>
/// <remarks>This way the build needs neither the schemas nor their compiler; <see href="https://flatbuffers.dev/internals/"/>.</remarks>
internal sealed class FlatWriter
{
    private const int InitialSize = 1 << 16;
    private const int BufferAlignment = 16; // of tensors' data, required by the schema

    private readonly FlatBufferBuilder builder = new(InitialSize);

    public int Text(string text) => builder.CreateString(text).Value;

    public int Texts(IReadOnlyList<string> texts) => Places([.. texts.Select(Text)]);

    public int Bytes(byte[] bytes)
    {
        builder.StartVector(1, bytes.Length, BufferAlignment);
        builder.Put(bytes);
        return builder.EndVector().Value;
    }

    public int Wholes(IReadOnlyList<int> values) => Vector(values, sizeof(int), builder.AddInt);

    public int Longs(IReadOnlyList<long> values) => Vector(values, sizeof(long), builder.AddLong);

    public int Floats(IReadOnlyList<float> values) => Vector(values, sizeof(float), builder.AddFloat);

    /// <summary>A vector of tables or strings.</summary>
    public int Places(IReadOnlyList<int> places) => Vector(places, sizeof(int), builder.AddOffset);

    /// <summary>A table. Fields that are 0 are left out, and readers take them as 0 or as the schema's default.</summary>
    public int Table(params FlatField[] fields)
    {
        builder.StartTable(fields.Length == 0 ? 0 : fields.Max(field => field.Number) + 1);
        foreach (var field in fields)
        {
            switch (field.Kind)
            {
                case FlatKind.Byte:
                    builder.AddByte(field.Number, (byte)field.Value, 0);
                    break;
                case FlatKind.Whole:
                    builder.AddInt(field.Number, field.Value, 0);
                    break;
                case FlatKind.Float:
                    builder.AddFloat(field.Number, BitConverter.Int32BitsToSingle(field.Value), 0);
                    break;
                case FlatKind.Place:
                    builder.AddOffset(field.Number, field.Value, 0);
                    break;
            }
        }

        return builder.EndTable();
    }

    /// <summary>Completes the file, whose root is the last table.</summary>
    /// <param name="identifier">Four letters that identify the schema.</param>
    public byte[] Finish(int root, string identifier)
    {
        builder.Finish(root, identifier);
        return builder.SizedByteArray();
    }

    private int Vector<T>(IReadOnlyList<T> values, int size, Action<T> add)
    {
        builder.StartVector(size, values.Count, size);
        foreach (var value in values.Reverse()) // a FlatBuffer is written from its end
        {
            add(value);
        }

        return builder.EndVector().Value;
    }
}
