namespace MLNet.Softmax.Interop;

/// <summary>
/// Reads a component from a model file and checks all of it before it is used. A file that ends early, a count that the rest of the file
/// cannot hold or an impossible value causes a <see cref="FormatException"/>, as with ML.NET's own components.
/// </summary>
/// <param name="reader">Positioned at the beginning of the component's data.</param>
/// <param name="component">The component's name, for messages.</param>
/// <param name="version">The version of the format that the data is in.</param>
internal sealed class ModelReader(BinaryReader reader, string component, uint version)
{
    /// <summary>The version of the format in which the file was written: from 1 to the one that the component writes now.</summary>
    public uint Version => version;

    /// <summary>
    /// Checks that the data is that of a <typeparamref name="T"/>, and reads it. As with ML.NET's own components, the environment marks an
    /// error, so that ML.NET reports what it was loading.
    /// </summary>
    public static T Load<T>(IHostEnvironment environment, ModelLoadContext context, Func<ModelReader, T> load)
    {
        try
        {
            var header = context.Header;
            return load(Begin(
                context.Reader, typeof(T), SignatureText(header.ModelSignature), header.ModelVerWritten, header.ModelVerReadable));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw environment.Process(exception);
        }
    }

    /// <param name="reader">Positioned at the beginning of the data.</param>
    /// <param name="component">The component that the data should belong to.</param>
    /// <param name="signature">The signature of the data.</param>
    /// <param name="written">The version of the format that the data is in.</param>
    /// <param name="readable">The earliest version whose readers understand the data.</param>
    internal static ModelReader Begin(BinaryReader reader, Type component, string signature, uint written, uint readable)
    {
        var format = ModelFormatAttribute.Of(component);
        if (signature != format.ModelSignature)
        {
            throw new FormatException(
                $"The data of a {component.Name} in a model file is marked '{format.ModelSignature}', but this one is marked "
                + $"'{signature}'. "
                + "The file is damaged.");
        }

        if (readable > format.Version)
        {
            throw new FormatException(
                $"The model file holds a {component.Name} of format version {written}, and this version of MLNet.Softmax reads "
                + "versions 1 to "
                + $"{format.Version}. Update MLNet.Softmax.");
        }

        return written >= 1 && readable <= written
            ? new ModelReader(reader, component.Name, written)
            : throw new FormatException(
                $"The model file holds a {component.Name} of format version {written}, readable from version {readable} on, which is "
                + "impossible. "
                + "The file is damaged.");
    }

    public bool ReadBoolean() => Guarded(() => reader.ReadByte()) switch
    {
        0 => false,
        1 => true,
        var other => throw Damaged($"{other} where 0 or 1 is expected"),
    };

    public int ReadInt32() => Guarded(reader.ReadInt32);

    public long ReadInt64() => Guarded(reader.ReadInt64);

    public float ReadSingle() => Guarded(reader.ReadSingle);

    public double ReadDouble() => Guarded(reader.ReadDouble);

    /// <summary>Reads a string, which may be empty.</summary>
    public string ReadString() => Guarded(() =>
    {
        var bytes = reader.Read7BitEncodedInt();
        CheckCount(bytes, sizeof(byte));
        return System.Text.Encoding.UTF8.GetString(reader.ReadBytes(bytes));
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

    public float[] ReadSingles() => ReadCounted(sizeof(float), reader.ReadSingle);

    public double[] ReadDoubles() => ReadCounted(sizeof(double), reader.ReadDouble);

    public int[] ReadInt32s() => ReadCounted(sizeof(int), reader.ReadInt32);

    public string[] ReadStrings() => ReadCounted(sizeof(byte), ReadString);

    /// <summary>
    /// Reads a count of items that take at least <paramref name="itemSize"/> bytes each, and checks that the rest of the file can hold
    /// them.
    /// </summary>
    public int ReadCount(int itemSize)
    {
        var count = ReadInt32();
        CheckCount(count, itemSize);
        return count;
    }

    /// <summary>Throws a <see cref="FormatException"/> unless <paramref name="holds"/> is true.</summary>
    public void Check(bool holds, string found)
    {
        if (!holds) throw Damaged(found);
    }

    /// <summary>The exception for data with the impossible content <paramref name="found"/>.</summary>
    public FormatException Damaged(string found) => new($"The {component} in the model file is damaged: found {found}.");

    private T[] ReadCounted<T>(int itemSize, Func<T> read)
    {
        var values = new T[ReadCount(itemSize)];
        return Guarded(() =>
        {
            for (var index = 0; index < values.Length; index++) values[index] = read();
            return values;
        });
    }

    private void CheckCount(int count, int itemSize)
    {
        var left = reader.BaseStream.Length - reader.BaseStream.Position;
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

    private static string SignatureText(ulong signature) =>
        string.Concat(Enumerable.Range(0, sizeof(ulong)).Select(i => (char)((signature >> (8 * i)) & 0xFF)));
}
