using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Transforms;

public class CustomMappingTests
{
    private readonly MLContext _mlContext = new(1);

    [Fact]
    public void CustomMapping_AddsTheMembersOfTheResult()
    {
        var data = Data();

        var output = _mlContext.Transforms.CustomMapping<Input, Output>(Map, null).Fit(data).Transform(data);

        Assert.Equal([2f, 4, 6], output.GetColumn<float>("Twice"));
        Assert.Equal(["1", "2", "3"], output.GetColumn<string>("Text"));
        Assert.Equal(["Value", "Unused", "Twice", "Text"], output.Schema.Select(column => column.Name));
    }

    [Fact]
    public void CustomMapping_RunsOncePerRowAndOnlyWhereAskedFor()
    {
        int calls = 0;
        var data = Data();
        var output = _mlContext.Transforms.CustomMapping<Input, Output>((input, result) => { calls++; Map(input, result); }, null)
            .Fit(data).Transform(data);

        Assert.Equal([1f, 2, 3], output.GetColumn<float>("Value"));
        Assert.Equal(0, calls);
        Assert.Equal(3, _mlContext.Data.CreateEnumerable<Output>(output, reuseRowObject: false).Count());
        Assert.Equal(3, calls);
    }

    [Fact]
    public void CustomMapping_InputOfAnotherType_IsNamed()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new WrongInput() });

        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _mlContext.Transforms.CustomMapping<Input, Output>(Map, null).Append(_mlContext.Transforms.CopyColumns("Copy", "Twice")).Fit(data));

        Assert.Contains("Value", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CustomMapping_WithoutContract_CannotBeSaved()
    {
        var data = Data();
        var model = _mlContext.Transforms.CustomMapping<Input, Output>(Map, null).Fit(data);

        Assert.Throws<InvalidOperationException>(() => _mlContext.Model.Save(model, data.Schema, new MemoryStream()));
    }

    private static void Map(Input input, Output output)
    {
        output.Twice = 2 * input.Value;
        output.Text = $"{input.Value}";
    }

    private IDataView Data() => _mlContext.Data.LoadFromEnumerable(new[] { new Row { Value = 1 }, new Row { Value = 2 }, new Row { Value = 3 } });

    private sealed class Row
    {
        public float Value { get; set; }

        public float Unused { get; set; }
    }

    private sealed class Input
    {
        public float Value { get; set; }
    }

    private sealed class WrongInput
    {
        public string Value { get; set; } = "";
    }

    private sealed class Output
    {
        public float Twice { get; set; }

        public string Text { get; set; } = "";
    }
}
