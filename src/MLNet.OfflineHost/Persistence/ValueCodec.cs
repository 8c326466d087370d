using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Column types and values in the encoding of ML.NET's binary data files, as far as model files hold them.</summary>
internal static class ValueCodec
{
    private const string VectorName = "VBuffer";
    private const string KeyName = "Key2";

    private static readonly Dictionary<string, PrimitiveDataViewType> Primitives = new PrimitiveDataViewType[]
    {
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16, NumberDataViewType.Int32,
        NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64, NumberDataViewType.Single, NumberDataViewType.Double,
        BooleanDataViewType.Instance, TextDataViewType.Instance,
    }.ToDictionary(NameOf);

    /// <summary>Writes the type's name, the length of its parameters and these.</summary>
    public static void WriteType(BinaryWriter writer, DataViewType type)
    {
        var parameters = new MemoryStream();
        var inner = new BinaryWriter(parameters);
        if (type is VectorDataViewType vector)
        {
            WriteType(inner, vector.ItemType);
            inner.Write(vector.Dimensions.Length);
            foreach (int dimension in vector.Dimensions)
                inner.Write(dimension);
        }
        else if (type is KeyDataViewType key)
        {
            WriteType(inner, Primitives[key.RawType.Name]);
            inner.Write(key.Count);
        }

        writer.Write(NameOf(type));
        writer.Write7BitEncodedInt64(parameters.Length);
        writer.Write(parameters.GetBuffer(), 0, (int)parameters.Length);
    }

    /// <param name="reader">Where the type stands.</param>
    /// <param name="depth">How many types may stand in each other: a vector of keys of numbers.</param>
    public static DataViewType ReadType(BinaryReader reader, int depth = 3)
    {
        Contracts.CheckDecode(depth > 0);
        var name = reader.ReadString();
        reader.Read7BitEncodedInt64();
        if (name is not (VectorName or KeyName))
            return Primitives.TryGetValue(name, out var primitive) ? primitive : throw Contracts.ExceptDecode($"Unknown type '{name}' in the model file");
        var item = ReadType(reader, depth - 1) as PrimitiveDataViewType;
        if (name == KeyName)
        {
            ulong count = reader.ReadUInt64();
            Contracts.CheckDecode(item != null && KeyDataViewType.IsValidDataType(item.RawType) && count > 0);
            return new KeyDataViewType(item.RawType, count);
        }

        int rank = reader.ReadInt32();
        Contracts.CheckDecode(item != null && rank > 0 && rank <= Left(reader) / sizeof(int));
        var dimensions = new int[rank];
        for (int index = 0; index < rank; index++)
            Contracts.CheckDecode((dimensions[index] = reader.ReadInt32()) >= 0);
        return new VectorDataViewType(item, dimensions);
    }

    public static bool CanWrite(DataViewType type) => type.GetItemType() is KeyDataViewType or NumberDataViewType or BooleanDataViewType or TextDataViewType;

    public static void WriteValues<T>(BinaryWriter writer, PrimitiveDataViewType type, ReadOnlySpan<T> values)
    {
        if (type is TextDataViewType)
        {
            WriteTexts(writer, MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, ReadOnlyMemory<char>>(ref MemoryMarshal.GetReference(values)), values.Length));
            return;
        }

        if (type is BooleanDataViewType)
        {
            var bits = new byte[(values.Length + 7) / 8];
            for (int index = 0; index < values.Length; index++)
                bits[index / 8] |= (byte)((bool)(object)values[index] ? 1 << (index % 8) : 0);
            writer.Write(bits);
            return;
        }

        var bytes = new byte[values.Length * Unsafe.SizeOf<T>()];
        for (int index = 0; index < values.Length; index++)
            Unsafe.WriteUnaligned(ref bytes[index * Unsafe.SizeOf<T>()], values[index]);
        writer.Write(bytes);
    }

    public static T[] ReadValues<T>(BinaryReader reader, PrimitiveDataViewType type, int count)
    {
        Contracts.CheckDecode(count >= 0);
        if (type is TextDataViewType)
            return (T[])(object)ReadTexts(reader, count);
        int bitsPerValue = type is BooleanDataViewType ? 1 : 8 * Unsafe.SizeOf<T>();
        long byteCount = (((long)count * bitsPerValue) + 7) / 8;
        Contracts.CheckDecode(byteCount <= Left(reader));
        var bytes = reader.ReadBytes((int)byteCount);
        var values = new T[count];
        for (int index = 0; index < count; index++)
        {
            values[index] = type is BooleanDataViewType
                ? (T)(object)((bytes[index / 8] >> (index % 8) & 1) != 0)
                : Unsafe.ReadUnaligned<T>(ref bytes[index * Unsafe.SizeOf<T>()]);
        }

        return values;
    }

    private static string NameOf(DataViewType type) => type switch
    {
        VectorDataViewType => VectorName,
        KeyDataViewType => KeyName,
        TextDataViewType => "TextSpan",
        _ => type.RawType.Name,
    };

    private static long Left(BinaryReader reader) => reader.BaseStream.Length - reader.BaseStream.Position;

    private static void WriteTexts(BinaryWriter writer, ReadOnlySpan<ReadOnlyMemory<char>> texts)
    {
        writer.Write(texts.Length);
        int end = 0;
        foreach (var text in texts)
            writer.Write(end += text.Length);
        writer.Write(string.Concat(texts.ToArray().Select(text => text.ToString())));
    }

    private static ReadOnlyMemory<char>[] ReadTexts(BinaryReader reader, int count)
    {
        Contracts.CheckDecode(reader.ReadInt32() == count && count <= Left(reader) / sizeof(int));
        var ends = new int[count];
        for (int index = 0; index < count; index++)
            ends[index] = reader.ReadInt32() & int.MaxValue;
        var all = reader.ReadString();
        var texts = new ReadOnlyMemory<char>[count];
        int start = 0;
        for (int index = 0; index < count; index++)
        {
            Contracts.CheckDecode(ends[index] >= start && ends[index] <= all.Length);
            texts[index] = all.AsMemory(start, ends[index] - start);
            start = ends[index];
        }

        return texts;
    }
}
