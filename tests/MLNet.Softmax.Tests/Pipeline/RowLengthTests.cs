using MLNet.Softmax.Tests.Calibration;

namespace MLNet.Softmax.Tests;

/// <summary>A row that is longer or shorter than its column's type says, or that a fit on another number of classes cannot read.</summary>
public class RowLengthTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    private MulticlassCalibratorsCatalog Calibrators => _mlContext.MulticlassClassification.Calibrators;

    [Fact]
    public void Transform_RowOfAnotherLengthThanItsType_IsRefusedWithBothLengths()
    {
        var sets = SavedModelSamples.Of("Softmax.PredictionSet").Transformer;
        var wrong = new MemoryView().WithScores("Score", [3], [[1, 0, 0, 0]]);
        Refuses("scores", () => _mlContext.Transforms.TopK("Top", "Score").FitTransform(wrong).GetColumn<string[]>("TopLabels"));
        Refuses("probabilities", () => sets.Transform(wrong).GetColumn<string[]>("PredictionSet"));
        Refuses("probabilities", () => new DecideTransformer(new("Decided", "Score", false, 0, [], null), null).Transform(wrong)
            .GetColumn<uint>("Decided"));

        static void Refuses<T>(string noun, Func<IEnumerable<T>> read) => Refusal.Of<InvalidOperationException>(
            () => read().Count(), $"A row of column 'Score' holds 4 {noun}, but its type says 3.");
    }

    [Fact]
    public void Transform_PredictionSetsOfOtherClasses_AreRefused()
    {
        var sets = SavedModelSamples.Of("Softmax.PredictionSet").Transformer;
        foreach (var classCount in (int[])[2, 4])
        {
            Refusal.Of<ArgumentOutOfRangeException>(() => sets.Transform(new MemoryView().WithScores("Score", [classCount], [])),
                $"Column 'Score' is Vector<Single, {classCount}>, but the prediction sets were fitted on 3 classes.");
        }
    }

    [Fact]
    public void Fit_RowOfAnotherLengthThanItsType_IsRefusedWithBothLengths()
    {
        // Among the rows that tell the score kind, and after them.
        foreach (var good in (int[])[1, 64])
        {
            var wrong = new MemoryView().WithScores("Score", [3], [.. Enumerable.Repeat<float[]>([3, -1, 2], good), [3, -1]])
                .WithKeys("Label", 3, [.. Enumerable.Repeat(1u, good + 1)]);
            Refusal.Of<InvalidOperationException>(
                () => Calibrators.Temperature().Fit(wrong), "A row of column 'Score' holds 2 scores, but its type says 3.");
        }
    }

    [Theory]
    [InlineData("VectorScaling")]
    [InlineData("Isotonic")]
    public void Transform_VectorsOfUnknownSize_MustHaveTheClassesOfTheFit(string kind)
    {
        var transformer = CalibrationViews.Create(Calibrators, kind).Fit(CalibrationViews.Drawn(200, 2));
        float[] row = [1, 2, 0];
        var known = transformer.Transform(new MemoryView().WithScores("Score", [3], [row])).Column("Probability");
        var variable = transformer.Transform(new MemoryView().WithScores("Score", [0], [row, [], [1, 2, 0, 1]]));
        using var cursor = variable.GetRowCursor(variable.Schema);
        var getter = cursor.GetGetter<VBuffer<float>>(variable.Schema["Probability"]);
        VBuffer<float> values = default;
        Assert.True(cursor.MoveNext());
        getter(ref values);
        Assert.Equal(known[0], values.DenseValues());
        Assert.True(cursor.MoveNext());
        getter(ref values);
        Assert.Equal(0, values.Length);
        Assert.True(cursor.MoveNext());
        Refusal.Of<ArgumentOutOfRangeException>(() => getter(ref values), "Column 'Score' is a row of 4 scores", "fitted on 3 classes");
    }
}
