using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;

namespace MLNet.Softmax.Persistence;

/// <summary>
/// Writes a transformer into a model file. Leans on the internal <c>ModelSaveContext.SetVersionInfo(VersionInfo)</c>,
/// <c>Microsoft.ML.VersionInfo</c> and <c>ModelSaveContext.Writer</c>.
/// </summary>
internal sealed class ModelWriter
{
    private const string Purpose = "to save a model";
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly BinaryWriter _writer;

    private ModelWriter(BinaryWriter writer) => _writer = writer;

    /// <summary>Starts the data of a transformer of the type <paramref name="transformer"/>, which carries <see cref="ModelFormatAttribute"/>.</summary>
    public static ModelWriter Begin(ModelSaveContext context, Type transformer)
    {
        ArgumentNullException.ThrowIfNull(context);
        var format = transformer.GetCustomAttribute<ModelFormatAttribute>()
            ?? throw new NotSupportedException($"{transformer.Name} cannot be saved.");
        var versionInfo = typeof(ModelSaveContext).Assembly.GetType("Microsoft.ML.VersionInfo")
            ?? throw MissingMember.Of("Microsoft.ML.VersionInfo", "(the type)", Purpose);
        var constructor = versionInfo.GetConstructor([typeof(string), typeof(uint), typeof(uint), typeof(uint), typeof(string), typeof(string), typeof(string)])
            ?? throw MissingMember.Of(versionInfo, ".ctor(string, uint, uint, uint, string, string, string)", Purpose);
        var setVersionInfo = typeof(ModelSaveContext).GetMethod("SetVersionInfo", Members, [versionInfo])
            ?? throw MissingMember.Of(typeof(ModelSaveContext), "SetVersionInfo(VersionInfo)", Purpose);
        var writer = typeof(ModelSaveContext).GetField("Writer", Members)?.GetValue(context) as BinaryWriter
            ?? throw MissingMember.Of(typeof(ModelSaveContext), "Writer", Purpose);

        // The assembly's simple name, so that a later version of this library loads earlier files.
        var assembly = typeof(ModelWriter).Assembly.GetName().Name;
        setVersionInfo.Invoke(context, [constructor.Invoke([format.ModelSignature, format.Version, format.Version, 1u, assembly, format.LoaderSignature, null])]);
        return new ModelWriter(writer);
    }

    public void Write(bool value) => _writer.Write(value);

    public void Write(int value) => _writer.Write(value);

    public void Write(long value) => _writer.Write(value);

    public void Write(float value) => _writer.Write(value);

    public void Write(double value) => _writer.Write(value);

    public void Write(string value) => _writer.Write(value);

    /// <summary>Writes a value of an enum as its number.</summary>
    public void Write<TEnum>(TEnum value)
        where TEnum : struct, Enum => _writer.Write(Convert.ToInt32(value, null));

    /// <summary>Writes the number of values, then the values.</summary>
    public void Write(ReadOnlySpan<float> values) => WriteCounted(values);

    /// <summary>Writes the number of values, then the values.</summary>
    public void Write(ReadOnlySpan<double> values) => WriteCounted(values);

    /// <summary>Writes the number of values, then the values.</summary>
    public void Write(ReadOnlySpan<int> values) => WriteCounted(values);

    /// <summary>Writes the number of texts, then the texts.</summary>
    public void Write(IReadOnlyCollection<string> values)
    {
        _writer.Write(values.Count);
        foreach (var value in values) _writer.Write(value);
    }

    private void WriteCounted<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Model files are little-endian.");
        _writer.Write(values.Length);
        _writer.Write(MemoryMarshal.AsBytes(values));
    }
}
