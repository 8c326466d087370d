using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.Softmax.Persistence;

/// <summary>
/// Reads a transformer from a model file, and believes nothing that it has not checked: a file that ends early, a count that the rest of the
/// file cannot hold or a value that is impossible ends in a <see cref="FormatException"/>, which is what ML.NET raises for its own.
/// Leans on the internal <c>ModelLoadContext.Reader</c> and <c>ModelLoadContext.Header</c>
/// (<c>ModelSignature</c>, <c>ModelVerWritten</c>, <c>ModelVerReadable</c>).
/// </summary>
internal sealed class ModelReader
{
    private const string ContextName = "Microsoft.ML.ModelLoadContext";
    private const string Purpose = "to load a model";
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly BinaryReader _reader;
    private readonly string _transformer;

    private ModelReader(BinaryReader reader, string transformer, uint version) => (_reader, _transformer, Version) = (reader, transformer, version);

    /// <summary>The version of the format in which the file was written: from 1 to the one that the transformer writes now.</summary>
    public uint Version { get; }

    /// <summary>Starts reading the data of a transformer of the type <paramref name="transformer"/>, after checking that it is one's.</summary>
    public static ModelReader Begin(object context, Type transformer)
    {
        var format = transformer.GetCustomAttribute<ModelFormatAttribute>()!;
        var reader = Field(context, "Reader") as BinaryReader ?? throw MissingMember.Of(ContextName, "Reader", Purpose);
        var header = Field(context, "Header") ?? throw MissingMember.Of(ContextName, "Header", Purpose);

        var signature = SignatureText(HeaderField<ulong>(header, "ModelSignature"));
        if (signature != format.ModelSignature)
        {
            throw new FormatException(
                $"The model file says {transformer.Name}, but its data is marked '{signature}' and not '{format.ModelSignature}': it is damaged, "
                + "or not one of MLNet.Softmax's.");
        }

        var written = HeaderField<uint>(header, "ModelVerWritten");
        var readable = HeaderField<uint>(header, "ModelVerReadable");
        if (readable > format.Version)
        {
            throw new FormatException(
                $"The model file holds a {transformer.Name} of format version {written}, and this version of MLNet.Softmax reads versions 1 to "
                + $"{format.Version}. Update MLNet.Softmax.");
        }

        if (written < 1 || readable > written)
        {
            throw new FormatException(
                $"The model file holds a {transformer.Name} of format version {written} (readable from {readable}), which cannot be: it is damaged.");
        }

        return new ModelReader(reader, transformer.Name, written);
    }

    public bool ReadBoolean() => Guarded(() => _reader.ReadByte()) switch
    {
        0 => false,
        1 => true,
        var other => throw Damaged($"{other} where 0 or 1 is expected"),
    };

    public int ReadInt32() => Guarded(_reader.ReadInt32);

    public long ReadInt64() => Guarded(_reader.ReadInt64);

    public float ReadSingle() => Guarded(_reader.ReadSingle);

    public double ReadDouble() => Guarded(_reader.ReadDouble);

    /// <summary>Reads a text; it may be empty.</summary>
    public string ReadString() => Guarded(() =>
    {
        var bytes = _reader.Read7BitEncodedInt();
        CheckCount(bytes, sizeof(byte));
        return System.Text.Encoding.UTF8.GetString(_reader.ReadBytes(bytes));
    });

    /// <summary>Reads the name of a column.</summary>
    public string ReadColumnName()
    {
        var name = ReadString();
        return name.Length > 0 ? name : throw Damaged("an empty column name");
    }

    /// <summary>Reads a value of an enum and checks that it is one of its members.</summary>
    public TEnum ReadEnum<TEnum>()
        where TEnum : struct, Enum
    {
        var number = ReadInt32();
        var value = (TEnum)Enum.ToObject(typeof(TEnum), number);
        return Enum.IsDefined(value) ? value : throw Damaged($"{number} where a {typeof(TEnum).Name} is expected");
    }

    public float[] ReadSingles() => ReadCounted<float>();

    public double[] ReadDoubles() => ReadCounted<double>();

    public int[] ReadInt32s() => ReadCounted<int>();

    /// <summary>Reads a list of texts.</summary>
    public string[] ReadStrings()
    {
        var values = new string[ReadCount(sizeof(byte))];
        for (var i = 0; i < values.Length; i++) values[i] = ReadString();
        return values;
    }

    /// <summary>Reads a count of items that take at least <paramref name="itemSize"/> bytes each, and checks that the rest of the file can hold them.</summary>
    public int ReadCount(int itemSize)
    {
        var count = ReadInt32();
        CheckCount(count, itemSize);
        return count;
    }

    /// <summary>Ends in a <see cref="FormatException"/> unless <paramref name="holds"/>.</summary>
    public void Check(bool holds, string found)
    {
        if (!holds) throw Damaged(found);
    }

    /// <summary>The error for data that holds <paramref name="found"/>, which cannot be.</summary>
    public FormatException Damaged(string found) => new($"The {_transformer} in the model file is damaged: found {found}.");

    private T[] ReadCounted<T>()
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Model files are little-endian.");
        var values = new T[ReadCount(Unsafe.SizeOf<T>())];
        Guarded(() =>
        {
            _reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            return 0;
        });
        return values;
    }

    private void CheckCount(int count, int itemSize)
    {
        var left = _reader.BaseStream.Length - _reader.BaseStream.Position;
        if (count < 0 || (long)count * itemSize > left)
            throw Damaged($"a count of {count} items of {itemSize} bytes or more, with {left} bytes left in the file");
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException)
        {
            throw Damaged("the end of the file before the end of the data");
        }
    }

    private static object? Field(object owner, string name) => owner.GetType().GetField(name, Members)?.GetValue(owner);

    private static T HeaderField<T>(object header, string name) => Field(header, name) is T value
        ? value
        : throw MissingMember.Of(header.GetType(), name, Purpose);

    private static string SignatureText(ulong signature) =>
        string.Create(sizeof(ulong), signature, static (text, value) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = (char)((value >> (8 * i)) & 0xFF);
        });
}
