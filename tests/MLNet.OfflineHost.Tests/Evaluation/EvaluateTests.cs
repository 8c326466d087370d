using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Evaluation;

public class EvaluateTests
{
    private static readonly Row[] Rows =
    [
        new() { Name = "dog", Score = [0.7f, 0.2f, 0.1f] },
        new() { Name = "cat", Score = [0.6f, 0.3f, 0.1f] },
        new() { Name = "bird", Score = [0.1f, 0.1f, 0.8f] },
        new() { Name = "dog", Score = [0.25f, 0.25f, 0.5f] },
        new() { Name = "cat", Score = [0, 0, 1] },
    ];

    private readonly MLContext _mlContext = new(1);

    [Fact]
    public void LogLoss_IsTheMeanOfTheClippedNegativeLogarithms()
    {
        var metrics = _mlContext.MulticlassClassification.Evaluate(Scored(Rows));

        double dog = -Math.Log(0.7f) - Math.Log(0.25f);
        double cat = -Math.Log(0.3f) - Math.Log(1e-15f);
        double bird = -Math.Log(0.8f);
        Assert.Equal((dog + cat + bird) / 5, metrics.LogLoss, 12);
        Assert.Equal([dog / 2, cat / 2, bird], metrics.PerClassLogLoss.Select(loss => loss), (x, y) => Math.Abs(x - y) < 1e-12);
        double entropy = (-2 * (2 / 5.0) * Math.Log(2 / 5.0)) - ((1 / 5.0) * Math.Log(1 / 5.0));
        Assert.Equal((entropy - metrics.LogLoss) / entropy, metrics.LogLossReduction, 12);
    }

    [Fact]
    public void Accuracy_MicroCountsRows_MacroAveragesClasses()
    {
        var metrics = _mlContext.MulticlassClassification.Evaluate(Scored(Rows));

        Assert.Equal(2 / 5.0, metrics.MicroAccuracy, 12);
        Assert.Equal((0.5 + 0 + 1) / 3, metrics.MacroAccuracy, 12);
        Assert.Equal(0, metrics.TopKPredictionCount);
        Assert.Equal(0, metrics.TopKAccuracy);
        Assert.Null(metrics.TopKAccuracyForAllK);
    }

    [Fact]
    public void TopKAccuracy_TiesGoToTheLowerIndex()
    {
        // The fourth row's label ties with class 1 and comes first; the fifth row's ties with class 0 and comes last.
        var metrics = _mlContext.MulticlassClassification.Evaluate(Scored(Rows), topKPredictionCount: 3);

        Assert.Equal([0.4, 0.8, 1], metrics.TopKAccuracyForAllK, (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.Equal(1, metrics.TopKAccuracy, 12);
        Assert.Equal(3, metrics.TopKPredictionCount);
    }

    [Fact]
    public void ConfusionMatrix_CountsByTrueThenPredictedClass()
    {
        var matrix = _mlContext.MulticlassClassification.Evaluate(Scored(Rows)).ConfusionMatrix;

        Assert.Equal(3, matrix.NumberOfClasses);
        Assert.Equal([[1, 0, 1], [1, 0, 1], [0, 0, 1]], matrix.Counts);
        Assert.Equal([0.5, 0, 1 / 3.0], matrix.PerClassPrecision);
        Assert.Equal([0.5, 0, 1], matrix.PerClassRecall);
        Assert.Equal(1, matrix.GetCountForClassPair(predictedClassIndicatorIndex: 2, actualClassIndicatorIndex: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.GetCountForClassPair(3, 0));
    }

    [Fact]
    public void FormattedConfusionTable_WithoutNames_HeadsColumnsByIndex()
    {
        var table = _mlContext.MulticlassClassification.Evaluate(Scored(Rows)).ConfusionMatrix.GetFormattedConfusionTable();

        Assert.Equal("""

            Confusion table
                      ||========================
            PREDICTED ||     0 |     1 |     2 | Recall
            TRUTH     ||========================
                    0 ||     1 |     0 |     1 | 0.5000
                    1 ||     1 |     0 |     1 | 0.0000
                    2 ||     0 |     0 |     1 | 1.0000
                      ||========================
            Precision ||0.5000 |0.0000 |0.3333 |

            """, table, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void FormattedConfusionTable_WithLongNames_NumbersThem()
    {
        var rows = Enumerable.Range(0, 12).Select(index => new Row { Name = "dog", Score = [index < 9 ? 1 : 0, 0.5f, 0] }).ToArray();
        var data = Named(Scored(rows), ["dog", "hippopotamus", "cat"]);

        var table = _mlContext.MulticlassClassification.Evaluate(data).ConfusionMatrix.GetFormattedConfusionTable();

        Assert.Equal("""

            Confusion table
                            ||========================
            PREDICTED       ||     0 |     1 |     2 | Recall
            TRUTH           ||========================
            0.          dog ||     9 |     3 |     0 | 0.7500
            1. hippopotamus ||     0 |     0 |     0 | 0.0000
            2.          cat ||     0 |     0 |     0 | 0.0000
                            ||========================
            Precision       ||1.0000 |0.0000 |0.0000 |

            """, table, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void RowsWithoutLabelOrWithBadScores_AreLeftOut()
    {
        Row[] rows = [.. Rows, new() { Name = "", Score = [1, 0, 0] }, new() { Name = "dog", Score = [float.NaN, 0, 0] }];

        var expected = _mlContext.MulticlassClassification.Evaluate(Scored(Rows), topKPredictionCount: 2);
        var actual = _mlContext.MulticlassClassification.Evaluate(Scored(rows), topKPredictionCount: 2);

        Assert.Equal(expected.LogLoss, actual.LogLoss, 12);
        Assert.Equal(expected.MicroAccuracy, actual.MicroAccuracy, 12);
        Assert.Equal(expected.TopKAccuracyForAllK, actual.TopKAccuracyForAllK);
    }

    [Fact]
    public void RowsOfAClassWithoutScore_CountAsWrong()
    {
        Row[] rows = [.. Rows, new() { Name = "snake", Score = [1, 0, 0] }];

        var metrics = _mlContext.MulticlassClassification.Evaluate(Scored(rows));

        Assert.Equal(2 / 6.0, metrics.MicroAccuracy, 12);
        Assert.Equal((0.5 + 0 + 1) / 3, metrics.MacroAccuracy, 12);
        Assert.Equal(((_mlContext.MulticlassClassification.Evaluate(Scored(Rows)).LogLoss * 5) - Math.Log(1e-15f)) / 6, metrics.LogLoss, 12);
    }

    [Fact]
    public void MissingOrUnfitColumns_AreNamed()
    {
        var data = Scored(Rows);

        Assert.Contains("Absent", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _mlContext.MulticlassClassification.Evaluate(data, labelColumnName: "Absent")).Message, StringComparison.Ordinal);
        Assert.Contains("Absent", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _mlContext.MulticlassClassification.Evaluate(data, predictedLabelColumnName: "Absent")).Message, StringComparison.Ordinal);
        Assert.Contains("Name", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _mlContext.MulticlassClassification.Evaluate(data, scoreColumnName: "Name")).Message, StringComparison.Ordinal);
        Assert.Contains("Name", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _mlContext.MulticlassClassification.Evaluate(data, labelColumnName: "Name")).Message, StringComparison.Ordinal);
    }

    private IDataView Scored(Row[] rows)
    {
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        return _mlContext.Transforms.Conversion.MapValueToKey("Label", "Name").Append(_mlContext.Transforms.CopyColumns("PredictedLabel", "Label"))
            .Fit(data).Transform(data);
    }

    /// <summary>The same scores with a name for each slot.</summary>
    private IDataView Named(IDataView data, string[] names)
    {
        var definition = SchemaDefinition.Create(typeof(Scores));
        definition["Score"].AddAnnotation("SlotNames", new VBuffer<ReadOnlyMemory<char>>(3, [.. names.Select(name => name.AsMemory())]),
            new VectorDataViewType(TextDataViewType.Instance, 3));
        // Objects that are loaded count their keys from 0, and those that are read back from 1.
        var rows = _mlContext.Data.CreateEnumerable<Scores>(data, reuseRowObject: false)
            .Select(row => new Scores { Label = row.Label - 1, PredictedLabel = row.PredictedLabel - 1, Score = row.Score }).ToArray();
        return _mlContext.Data.LoadFromEnumerable(rows, definition);
    }

    private sealed class Row
    {
        public string Name { get; set; } = "";

        [VectorType(3)]
        public float[] Score { get; set; } = [];
    }

    private sealed class Scores
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [KeyType(3)]
        public uint PredictedLabel { get; set; }

        [VectorType(3)]
        public float[] Score { get; set; } = [];
    }
}
