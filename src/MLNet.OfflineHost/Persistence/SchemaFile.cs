using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>
/// A schema with its annotations as one of ML.NET's binary data files that holds no rows: that is how a model file keeps the schema
/// that its first transformer expects.
/// </summary>
internal static class SchemaFile
{
    private const int HeaderSize = 256;
    private const ulong Signature = 0x00425644004C4D43;
    private const ulong TailSignature = 0x434D4C0044564200;
    private const ulong Version = 0x0001000100010006;
    private const byte Deflate = 1;

    public static void Write(Stream stream, DataViewSchema schema)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(new byte[HeaderSize]);
        var annotationTables = new long[schema.Count];
        foreach (var column in schema)
            annotationTables[column.Index] = AnnotationTable.Write(writer, column.Annotations);
        long contents = stream.Position;
        foreach (var column in schema)
        {
            if (!ValueCodec.CanWrite(column.Type))
                throw new InvalidOperationException($"Could not get codec for requested column {column.Name} of type {column.Type}");
            writer.Write(column.Name);
            ValueCodec.WriteType(writer, column.Type);
            writer.Write(Deflate);
            writer.Write7BitEncodedInt(1);
            // Where the column's blocks are listed; there are none.
            writer.Write((long)HeaderSize);
            writer.Write(annotationTables[column.Index]);
        }

        long tail = stream.Position;
        writer.Write(TailSignature);
        stream.Position = 0;
        writer.Write(Signature);
        writer.Write(Version);
        writer.Write(Version);
        writer.Write(contents);
        writer.Write(tail);
        writer.Write(0L);
        writer.Write(schema.Count);
    }

    public static DataViewSchema Read(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        Contracts.CheckDecode(stream.Length > HeaderSize && reader.ReadUInt64() == Signature, "The schema in the model file is damaged.");
        stream.Position += 2 * sizeof(ulong);
        long contents = reader.ReadInt64();
        stream.Position += 2 * sizeof(long);
        int count = reader.ReadInt32();
        Contracts.CheckDecode(contents >= HeaderSize && contents < stream.Length && count >= 0, "The schema in the model file is damaged.");
        var builder = new DataViewSchema.Builder();
        stream.Position = contents;
        for (int index = 0; index < count; index++)
        {
            var name = reader.ReadString();
            var type = ValueCodec.ReadType(reader);
            reader.ReadByte();
            reader.Read7BitEncodedInt64();
            reader.ReadInt64();
            long annotations = reader.ReadInt64();
            long next = stream.Position;
            builder.AddColumn(name, type, annotations == 0 ? null : AnnotationTable.Read(reader, annotations));
            stream.Position = next;
        }

        return builder.ToSchema();
    }
}
