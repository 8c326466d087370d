using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Models;

public class PredictionEngineTests
{
    private readonly MLContext _mlContext = new(1);

    [Fact]
    public void Predict_GivesWhatTransformGives()
    {
        var rows = Rows();
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var model = Pipeline().Fit(data);
        var engine = _mlContext.Model.CreatePredictionEngine<Row, Prediction>(model);

        var transformed = _mlContext.Data.CreateEnumerable<Prediction>(model.Transform(data), reuseRowObject: false).ToArray();

        for (int index = 0; index < rows.Length; index++)
        {
            var prediction = engine.Predict(rows[index]);
            Assert.Equal(transformed[index].Features, prediction.Features);
            Assert.Equal(transformed[index].Label, prediction.Label);
            Assert.Equal(rows[index].Name, prediction.Back);
        }
    }

    [Fact]
    public void Predict_IntoAnObject_ReusesIt()
    {
        var rows = Rows();
        var engine = _mlContext.Model.CreatePredictionEngine<Row, Prediction>(Pipeline().Fit(_mlContext.Data.LoadFromEnumerable(rows)));
        var prediction = new Prediction();
        var same = prediction;

        engine.Predict(rows[1], ref prediction);

        Assert.Same(same, prediction);
        Assert.Equal("cat", prediction.Back);
        Assert.Equal(0u, engine.Predict(new Row { Name = "unknown" }).Label);
    }

    [Fact]
    public void SeveralEngines_OnOneModel_WorkSideBySide()
    {
        var rows = Rows();
        var model = Pipeline().Fit(_mlContext.Data.LoadFromEnumerable(rows));
        var expected = rows.Select(row => _mlContext.Model.CreatePredictionEngine<Row, Prediction>(model).Predict(row).Features).ToArray();

        Parallel.For(0, 4, _ =>
        {
            var engine = _mlContext.Model.CreatePredictionEngine<Row, Prediction>(model);
            for (int turn = 0; turn < 500; turn++)
                Assert.Equal(expected[turn % rows.Length], engine.Predict(rows[turn % rows.Length]).Features);
        });
    }

    [Fact]
    public void CreatePredictionEngine_MissingInputColumn_IsNamed()
    {
        var model = Pipeline().Fit(_mlContext.Data.LoadFromEnumerable(Rows()));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Model.CreatePredictionEngine<NoName, Prediction>(model));

        Assert.Contains("Name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OutputSchema_HasTheColumnsOfTheModel()
    {
        var engine = _mlContext.Model.CreatePredictionEngine<Row, Prediction>(Pipeline().Fit(_mlContext.Data.LoadFromEnumerable(Rows())));

        Assert.Equal(["A", "B", "Name", "Raw", "Features", "Label", "Back"], engine.OutputSchema.Select(column => column.Name));
    }

    private static Row[] Rows() =>
        [new() { A = 1, B = -4, Name = "dog" }, new() { A = 2, B = 8, Name = "cat" }, new() { A = 4, B = 2, Name = "dog" }];

    private IEstimator<ITransformer> Pipeline() => _mlContext.Transforms.Concatenate("Raw", "A", "B")
        .Append(_mlContext.Transforms.NormalizeMinMax("Features", "Raw"))
        .Append(_mlContext.Transforms.Conversion.MapValueToKey("Label", "Name"))
        .Append(_mlContext.Transforms.Conversion.MapKeyToValue("Back", "Label"));

    private sealed class Row
    {
        public float A { get; set; }

        public float B { get; set; }

        public string Name { get; set; } = "";
    }

    private sealed class NoName
    {
        public float A { get; set; }

        public float B { get; set; }
    }

    private sealed class Prediction
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public uint Label { get; set; }

        public string Back { get; set; } = "";
    }
}
