#:package DuckDB.NET.Data.Full@1.5.6.1
#:property RestorePackagesWithLockFile=false
#:property ManagePackageVersionsCentrally=false
#:property EnforceCodeStyleInBuild=false
#:property GenerateDocumentationFile=false
#:property TreatWarningsAsErrors=false
#:property PublishAot=false
// read-scores.cs DIR: what DuckDB finds in the files of scores in a folder.
using System.Buffers.Binary;
using DuckDB.NET.Data;

using var database = new DuckDBConnection("DataSource=:memory:");
database.Open();
var files = $"'{args[0].Replace("'", "''")}/*.parquet'";
Print(
    $"SELECT count(*) AS pictures, count(*) FILTER (accepted) AS accepted, count(error) AS unreadable, min(similarity) AS least, "
    + $"max(similarity) AS most FROM {files}");
Print($"SELECT key, extension, similarity, accepted, error FROM {files} ORDER BY similarity DESC LIMIT 3");
Print($"SELECT file_name, decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata({files}) ORDER BY file_name, key LIMIT 8");
if (HasEmbeddings())
{
    using var command = Command($"SELECT embedding FROM {files} WHERE embedding IS NOT NULL LIMIT 1");
    using var reader = command.ExecuteReader();
    reader.Read();
    using var bytes = new MemoryStream();
    reader.GetStream(0).CopyTo(bytes);
    var halves = bytes.ToArray().Chunk(2).Select(half => (double)BinaryPrimitives.ReadHalfLittleEndian(half)).ToArray();
    Console.WriteLine($"an embedding of {halves.Length} numbers, length {Math.Sqrt(halves.Sum(half => half * half)):f4}");
}

bool HasEmbeddings()
{
    using var command = Command($"SELECT count(*) FROM (DESCRIBE SELECT * FROM {files}) WHERE column_name = 'embedding'");
    return (long)command.ExecuteScalar()! > 0;
}

DuckDBCommand Command(string sql)
{
    var command = database.CreateCommand();
    command.CommandText = sql;
    return command;
}

void Print(string sql)
{
    using var command = Command(sql);
    using var reader = command.ExecuteReader();
    while (reader.Read())
    {
        Console.WriteLine(
            string.Join("  ",
            Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetName(i)} {(reader.IsDBNull(i) ? "-" : reader.GetValue(i))}")));
    }
}
