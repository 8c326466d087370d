using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.TestSupport;

namespace MLNet.OfflineHost.Tests.Onnx;

public class OnnxExportTests
{
    private readonly MLContext _mlContext = new(1);

    public static TheoryData<string> Exports => [.. Cases.Keys];

    private static Dictionary<string, Func<TransformsCatalog, IEstimator<ITransformer>>> Cases { get; } = new()
    {
        ["concatenate"] = transforms => transforms.Concatenate("All", "A", "V", "B"),
        ["copy"] = transforms => transforms.CopyColumns("Copy", "V").Append(transforms.CopyColumns("A", "B")),
        ["normalize"] = transforms => transforms.NormalizeMinMax("V").Append(transforms.NormalizeMinMax("Scaled", "A", fixZero: false))
            .Append(transforms.NormalizeMinMax("Shifted", "V", fixZero: false)),
        ["key-of-text"] = transforms => transforms.Conversion.MapValueToKey("Label", "Name").Append(transforms.Conversion.MapKeyToValue("Back", "Label")),
        ["key-of-numbers"] = transforms => transforms.Conversion.MapValueToKey("Key", "A").Append(transforms.Conversion.MapKeyToValue("Back", "Key"))
            .Append(transforms.Conversion.MapValueToKey("CountKey", "Count")).Append(transforms.Conversion.MapKeyToValue("CountBack", "CountKey"))
            .Append(transforms.Conversion.MapValueToKey("FlagKey", "Flag")).Append(transforms.Conversion.MapKeyToValue("FlagBack", "FlagKey"))
            .Append(transforms.Conversion.MapValueToKey("VectorKey", "V")).Append(transforms.Conversion.MapKeyToValue("VectorBack", "VectorKey")),
        ["pipeline"] = transforms => transforms.Concatenate("Features", "A", "B").Append(transforms.NormalizeMinMax("Features"))
            .Append(transforms.Conversion.MapValueToKey("Label", "Name")).Append(transforms.CopyColumns("Copy", "Features"))
            .Append(transforms.Concatenate("Features", "Features", "V")),
    };

    [Theory]
    [MemberData(nameof(Exports))]
    public void Export_IsByteForByteWhatMLNetWrites(string name)
    {
        var fixture = Path.Combine(Repository.Root, "tests", "MLNet.OfflineHost.Tests", "Onnx", "Fixtures", name + ".onnx");

        Assert.Equal(File.ReadAllBytes(fixture), Export(name, (catalog, model, data, stream) => catalog.ConvertToOnnx(model, data, stream)));
    }

    [Fact]
    public void Export_WithAnOlderOpSet_SaysSo()
    {
        var newest = Export("copy", (catalog, model, data, stream) => catalog.ConvertToOnnx(model, data, stream));
        var same = Export("copy", (catalog, model, data, stream) => catalog.ConvertToOnnx(model, data, 12, stream));
        var older = Export("copy", (catalog, model, data, stream) => catalog.ConvertToOnnx(model, data, 9, stream));

        Assert.Equal(newest, same);
        Assert.Equal(newest[..^1], older[..^1]);
        Assert.Equal((12, 9), (newest[^1], older[^1]));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(13)]
    public void Export_WithAnOpSetThatIsNotSupported_Throws(int opSetVersion)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Export("copy", (catalog, model, data, stream) => catalog.ConvertToOnnx(model, data, opSetVersion, stream)));
    }

    [Fact]
    public void Export_OfSomeColumns_LeavesTheOthersOut()
    {
        var all = Export("concatenate", (catalog, model, data, stream) => catalog.ConvertToOnnx(model, data, stream));
        var one = Export("concatenate", (catalog, model, data, stream) => catalog.ConvertToOnnx(model, data, stream, "All"));

        Assert.True(Contains(all, "Name.output"u8));
        Assert.False(Contains(one, "Name.output"u8));
        Assert.True(Contains(one, "All.output"u8));
    }

    [Fact]
    public void Export_PastAStepThatHasNoExport_Throws()
    {
        var data = Data();
        var model = _mlContext.Transforms.CustomMapping<Row, Sum>((row, sum) => sum.Total = row.A + row.B, null)
            .Append(_mlContext.Transforms.CopyColumns("Copy", "Total")).Fit(data);
        string? warning = null;
        _mlContext.Log += (_, message) => warning = message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning ? message.RawMessage : warning;

        Assert.Throws<InvalidOperationException>(() => _mlContext.Model.ConvertToOnnx(model, data, new MemoryStream()));
        Assert.Contains("cannot save itself as ONNX", warning, StringComparison.Ordinal);
    }

    private static bool Contains(byte[] bytes, ReadOnlySpan<byte> part) => bytes.AsSpan().IndexOf(part) >= 0;

    private byte[] Export(string name, Action<ModelOperationsCatalog, ITransformer, IDataView, Stream> export)
    {
        var data = Data();
        using var stream = new MemoryStream();
        export(_mlContext.Model, Cases[name](_mlContext.Transforms).Fit(data), data, stream);
        return stream.ToArray();
    }

    private IDataView Data() => _mlContext.Data.LoadFromEnumerable(new[]
    {
        new Row { A = 1, V = [0.5f, 2], B = -4, Name = "dog", Count = 7, Flag = true },
        new Row { A = 2, V = [1, -2], B = 8, Name = "cat", Count = -1, Flag = false },
    });

    private sealed class Row
    {
        public float A { get; set; }

        [VectorType(2)]
        public float[] V { get; set; } = [0, 0];

        public float B { get; set; }

        public string Name { get; set; } = "";

        public int Count { get; set; }

        public bool Flag { get; set; }
    }

    private sealed class Sum
    {
        public float Total { get; set; }
    }
}
