namespace MLNet.Softmax.Interop;

/// <summary>Writes a component into a model file. <see cref="ModelReader"/> reads it.</summary>
internal sealed class ModelWriter
{
    private readonly BinaryWriter _writer;

    private ModelWriter(BinaryWriter writer) => _writer = writer;

    /// <summary>Starts the data of a <paramref name="component"/>, whose class carries <see cref="ModelFormatAttribute"/>.</summary>
    public static ModelWriter Begin(ModelSaveContext context, Type component)
    {
        ArgumentNullException.ThrowIfNull(context);
        var format = ModelFormatAttribute.Of(component);
        context.SetVersionInfo(new VersionInfo(
            format.ModelSignature, verWrittenCur: format.Version, verReadableCur: format.Version, verWeCanReadBack: 1,
            // The simple name, so that a later version of this assembly loads earlier files.
            loaderAssemblyName: typeof(ModelWriter).Assembly.GetName().Name!, loaderSignature: format.LoaderSignature));
        return new ModelWriter(context.Writer);
    }

    public void Write(bool value) => _writer.Write(value);

    public void Write(int value) => _writer.Write(value);

    public void Write(long value) => _writer.Write(value);

    public void Write(float value) => _writer.Write(value);

    public void Write(double value) => _writer.Write(value);

    public void Write(string value) => _writer.Write(value);

    public void WriteStrings(IReadOnlyList<string> values)
    {
        _writer.Write(values.Count);
        foreach (var value in values) _writer.Write(value);
    }

    /// <summary>Writes a value of an enum as its number.</summary>
    public void Write<TEnum>(TEnum value)
        where TEnum : struct, Enum => _writer.Write(Convert.ToInt32(value, null));

    /// <summary>Writes the number of values, then the values.</summary>
    public void Write(ReadOnlySpan<int> values)
    {
        _writer.Write(values.Length);
        foreach (var value in values) _writer.Write(value);
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{int})"/>
    public void Write(ReadOnlySpan<float> values)
    {
        _writer.Write(values.Length);
        foreach (var value in values) _writer.Write(value);
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{int})"/>
    public void Write(ReadOnlySpan<double> values)
    {
        _writer.Write(values.Length);
        foreach (var value in values) _writer.Write(value);
    }
}
