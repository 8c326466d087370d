using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.OfflineHost.Tests.Transforms;

public class KeyMappingTests
{
    private readonly MLContext _mlContext = new(1);

    [Fact]
    public void MapValueToKey_Text_NumbersByOccurrenceAndSkipsTheEmpty()
    {
        var data = Data("dog", "cat", "", "dog", "bird");

        var output = _mlContext.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(data).Transform(data);

        Assert.Equal([1u, 2, 0, 1, 3], output.GetColumn<uint>("Key"));
        Assert.Equal(3ul, Assert.IsType<KeyDataViewType>(output.Schema["Key"].Type).Count);
        Assert.Equal(["dog", "cat", "bird"], KeyTexts(output.Schema["Key"]));
    }

    [Fact]
    public void MapValueToKey_ByValue_SortsOrdinally()
    {
        var data = Data("b", "a", "B", "é", "");

        var output = _mlContext.Transforms.Conversion
            .MapValueToKey("Key", "Name", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);

        Assert.Equal(["B", "a", "b", "é"], KeyTexts(output.Schema["Key"]));
    }

    [Fact]
    public void MapValueToKey_MaximumNumberOfKeys_LeavesTheRestMissing()
    {
        var data = Data("a", "b", "c");

        var output = _mlContext.Transforms.Conversion.MapValueToKey("Key", "Name", maximumNumberOfKeys: 2).Fit(data).Transform(data);

        Assert.Equal([1u, 2, 0], output.GetColumn<uint>("Key"));
    }

    [Fact]
    public void MapValueToKey_Numbers_KeepsTheirTypeInKeyValues()
    {
        var data = Data("a", "b", "c");

        var output = _mlContext.Transforms.Conversion.MapValueToKey("Key", "Number").Fit(data).Transform(data);

        Assert.Equal([1u, 0, 2], output.GetColumn<uint>("Key"));
        VBuffer<float> values = default;
        output.Schema["Key"].GetKeyValues(ref values);
        Assert.Equal([1.5f, -3], values.DenseValues());
        Assert.False(output.Schema["Key"].HasKeyValues());
        Assert.True(output.Schema["Key"].HasKeyValues(NumberDataViewType.Single));
    }

    [Fact]
    public void MapValueToKey_AnnotationsAsText_WritesNumbersAsText()
    {
        var data = Data("a", "b", "c");

        var output = _mlContext.Transforms.Conversion.MapValueToKey("Key", "Number", addKeyValueAnnotationsAsText: true).Fit(data).Transform(data);

        Assert.Equal(["1.5", "-3"], KeyTexts(output.Schema["Key"]));
    }

    [Fact]
    public void MapValueToKey_KeyData_FixesTheOrder()
    {
        var data = Data("a", "b", "x");
        var keys = _mlContext.Data.LoadFromEnumerable(new[] { new Name { Value = "c" }, new Name { Value = "b" }, new Name { Value = "a" } });

        var output = _mlContext.Transforms.Conversion.MapValueToKey("Key", "Name", keyData: keys).Fit(data).Transform(data);

        Assert.Equal([3u, 2, 0], output.GetColumn<uint>("Key"));
        Assert.Equal(["c", "b", "a"], KeyTexts(output.Schema["Key"]));
    }

    [Fact]
    public void MapValueToKey_OfKeys_CarriesWhatTheyStandFor()
    {
        var data = Data("dog", "cat", "bird");
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Key", "Name")
            .Append(_mlContext.Transforms.Conversion.MapValueToKey("Again", "Key", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence));

        var output = pipeline.Fit(data).Transform(data);

        Assert.Equal(["dog", "cat", "bird"], KeyTexts(output.Schema["Again"]));
    }

    [Fact]
    public void MapKeyToValue_GivesBackTheValues()
    {
        var data = Data("dog", "", "bird");
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Key", "Name").Append(_mlContext.Transforms.Conversion.MapKeyToValue("Back", "Key"))
            .Append(_mlContext.Transforms.Conversion.MapValueToKey("NumberKey", "Number"))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("NumberBack", "NumberKey"));

        var output = pipeline.Fit(data).Transform(data);

        Assert.Equal(["dog", "", "bird"], output.GetColumn<string>("Back"));
        Assert.Equal([1.5f, float.NaN, -3], output.GetColumn<float>("NumberBack"));
    }

    [Fact]
    public void MapKeyToValue_OfVectors_MapsEachSlot()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new Words { Value = ["a", "b"] }, new Words { Value = ["b", ""] } });
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Key", "Value").Append(_mlContext.Transforms.Conversion.MapKeyToValue("Back", "Key"));

        var output = pipeline.Fit(data).Transform(data);

        Assert.Equal([[1u, 2], [2u, 0]], output.GetColumn<uint[]>("Key"));
        Assert.Equal([["a", "b"], ["b", ""]], output.GetColumn<string[]>("Back"));
    }

    [Fact]
    public void MapKeyToValue_NoKey_IsRefusedWithTheColumnsName()
    {
        var data = Data("a");

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Transforms.Conversion.MapValueToKey("Key", "Name")
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("Back", "Number")).Fit(data));

        Assert.Contains("Number", error.Message, StringComparison.Ordinal);
    }

    internal static string[] KeyTexts(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => value.ToString())];
    }

    private IDataView Data(params string[] names) => _mlContext.Data.LoadFromEnumerable(names.Select((name, index) =>
        new Named { Name = name, Number = index switch { 0 => 1.5f, 1 => float.NaN, _ => -3 } }).ToArray());

    private sealed class Named
    {
        public string Name { get; set; } = "";

        public float Number { get; set; }
    }

    private sealed class Name
    {
        public string Value { get; set; } = "";
    }

    private sealed class Words
    {
        [VectorType(2)]
        public string[] Value { get; set; } = [];
    }
}
