using System.IO.Compression;
using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>A column's annotations in a binary data file: their values, and a table that tells their names, types and places.</summary>
internal static class AnnotationTable
{
    private const byte Plain = 0;
    private const byte Deflate = 1;

    /// <summary>The place of the table, or 0 where there is nothing that can be written.</summary>
    public static long Write(BinaryWriter writer, DataViewSchema.Annotations annotations)
    {
        var written = new List<(DataViewSchema.Column Column, long Start, long End)>();
        foreach (var column in annotations.Schema.Where(column => ValueCodec.CanWrite(column.Type)))
        {
            long start = writer.BaseStream.Position;
            GenericMethod.Call(typeof(AnnotationTable), column.Type is VectorDataViewType ? nameof(WriteVector) : nameof(WriteScalar),
                [column.Type.GetItemType().RawType], null, writer, annotations, column);
            written.Add((column, start, writer.BaseStream.Position));
        }

        if (written.Count == 0)
            return 0;
        long table = writer.BaseStream.Position;
        writer.Write7BitEncodedInt64(written.Count);
        foreach (var (column, start, end) in written)
        {
            writer.Write(column.Name);
            ValueCodec.WriteType(writer, column.Type);
            writer.Write(Plain);
            writer.Write(start);
            writer.Write7BitEncodedInt64(end - start);
        }

        return table;
    }

    public static DataViewSchema.Annotations Read(BinaryReader reader, long table)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        Seek(reader, table);
        long count = reader.Read7BitEncodedInt64();
        for (long index = 0; index < count; index++)
        {
            var name = reader.ReadString();
            var type = ValueCodec.ReadType(reader);
            byte compression = reader.ReadByte();
            long start = reader.ReadInt64();
            long length = reader.Read7BitEncodedInt64();
            long next = reader.BaseStream.Position;
            Contracts.CheckDecode(compression is Plain or Deflate && length >= 0 && length <= reader.BaseStream.Length);
            Seek(reader, start);
            Stream block = new MemoryStream(reader.ReadBytes((int)length));
            if (compression == Deflate)
                block = Inflate(block);
            GenericMethod.Call(typeof(AnnotationTable), type is VectorDataViewType ? nameof(ReadVector) : nameof(ReadScalar),
                [type.GetItemType().RawType], null, new BinaryReader(block, Encoding.UTF8), builder, name, type);
            Seek(reader, next);
        }

        return builder.ToAnnotations();
    }

    private static MemoryStream Inflate(Stream compressed)
    {
        using var inflating = new DeflateStream(compressed, CompressionMode.Decompress);
        var plain = new MemoryStream();
        inflating.CopyTo(plain);
        plain.Position = 0;
        return plain;
    }

    private static void Seek(BinaryReader reader, long position)
    {
        Contracts.CheckDecode(position >= 0 && position <= reader.BaseStream.Length, "The schema in the model file is damaged.");
        reader.BaseStream.Position = position;
    }

    private static void WriteScalar<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        T value = default;
        annotations.GetValue(column.Name, ref value);
        ValueCodec.WriteValues<T>(writer, (PrimitiveDataViewType)column.Type, [value]);
    }

    private static void ReadScalar<T>(BinaryReader reader, DataViewSchema.Annotations.Builder builder, string name, PrimitiveDataViewType type) =>
        builder.AddPrimitiveValue(name, type, ValueCodec.ReadValues<T>(reader, type, 1)[0]);

    /// <summary>One vector: how many, the common length, each one's count of values or -1 where dense, the indices, the values.</summary>
    private static void WriteVector<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        var type = (VectorDataViewType)column.Type;
        VBuffer<T> value = default;
        annotations.GetValue(column.Name, ref value);
        if (type.IsKnownSize && value.Length != type.Size)
            throw new InvalidOperationException($"Length mismatch: expected {type.Size} slots but got {value.Length}");
        writer.Write(1);
        writer.Write(value.Length);
        if (value.Length == 0)
            writer.Write(0);
        writer.Write(value.IsDense ? -1 : value.GetValues().Length);
        writer.Write(value.GetIndices().Length);
        foreach (int index in value.GetIndices())
            writer.Write(index);
        ValueCodec.WriteValues(writer, type.ItemType, value.GetValues());
    }

    private static void ReadVector<T>(BinaryReader reader, DataViewSchema.Annotations.Builder builder, string name, VectorDataViewType type)
    {
        Contracts.CheckDecode(reader.ReadInt32() == 1);
        int length = reader.ReadInt32();
        if (length == 0)
            length = reader.ReadInt32();
        Contracts.CheckDecode(length >= 0 && (!type.IsKnownSize || length == type.Size));
        int count = reader.ReadInt32();
        int indexCount = reader.ReadInt32();
        Contracts.CheckDecode(count >= -1 && count <= length && indexCount == Math.Max(count, 0));
        var indices = ValueCodec.ReadValues<int>(reader, NumberDataViewType.Int32, indexCount);
        var values = ValueCodec.ReadValues<T>(reader, type.ItemType, count < 0 ? length : count);
        var value = new VBuffer<T>(length, values.Length, values, indices);
        builder.Add(name, type, (ref VBuffer<T> destination) => value.CopyTo(ref destination));
    }
}
