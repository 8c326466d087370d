using MLNet.Softmax.Evaluation;

namespace MLNet.Softmax.Tests.Evaluation;

public class EvaluateProbabilitiesTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 10)]
    public void Figures_OfProbabilities_AreThoseOfMLNetsOwnEvaluation(int seed, int classCount)
    {
        var data = RandomRows.Draw(seed, 3000, classCount).ViewWithPredictedLabel();
        var ours = EvaluatedViews.Evaluate(data);
        var theirs = new MLContext(seed: 1).MulticlassClassification.Evaluate(
            data, scoreColumnName: "Probability", topKPredictionCount: classCount);

        Assert.Equal(theirs.LogLoss, ours.LogLoss, Tolerance);
        Assert.Equal(theirs.LogLossReduction, ours.LogLossReduction, Tolerance);
        Assert.Equal(theirs.MicroAccuracy, ours.MicroAccuracy, Tolerance);
        Assert.Equal(theirs.MacroAccuracy, ours.MacroAccuracy, Tolerance);
        for (var index = 0; index < classCount; index++)
        {
            Assert.Equal(theirs.TopKAccuracyForAllK[index], ours.TopKAccuracy[index], Tolerance);
            Assert.Equal(theirs.PerClassLogLoss[index], ours.Classes[index].LogLoss, Tolerance);
            Assert.Equal(theirs.ConfusionMatrix.PerClassPrecision[index], ours.Classes[index].Precision, Tolerance);
            Assert.Equal(theirs.ConfusionMatrix.PerClassRecall[index], ours.Classes[index].Recall, Tolerance);
            Assert.Equal(theirs.ConfusionMatrix.Counts[index], ours.Confusion!.Row(index).ToArray());
        }
    }

    [Fact]
    public void EveryPublicRecordWithDecimals_PrintsThemItself() =>
        Assert.Empty(CultureOfRecords.PrintedByTheCompiler(typeof(SoftmaxCatalog).Assembly));

    [Fact]
    public void Figures_OnAnyNumberOfThreads_AreTheSame()
    {
        var data = RandomRows.Draw(3, 2000, 5).View();
        var one = EvaluatedViews.Evaluate(data, new() { MaxDegreeOfParallelism = 1 });
        foreach (var threads in new[] { 2, 3, 7, -1 })
        {
            var several = EvaluatedViews.Evaluate(data, new() { MaxDegreeOfParallelism = threads });
            EvaluatedViews.AssertSameHeadline(one, several);
            Assert.Equal(one.AdaptiveCalibrationError, several.AdaptiveCalibrationError);
            Assert.Equal(one.MacroRocAuc, several.MacroRocAuc);
            Assert.Equal(one.ConfidentMistakes, several.ConfidentMistakes);
        }
    }

    [Fact]
    public void Figures_OfACachedView_AreThoseOfTheViewItself()
    {
        var data = RandomRows.Draw(4, 1500, 4).View();
        var plain = EvaluatedViews.Evaluate(data);
        var cached = EvaluatedViews.Evaluate(new MLContext().Data.Cache(data));

        Assert.Equal(1500, cached.RowsUsed);
        EvaluatedViews.AssertSameHeadline(plain, cached);
        Assert.Equal(plain.ConfidentMistakes, cached.ConfidentMistakes);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1200)]
    public void Figures_OfFewAndManyClasses_AreThoseOfTheNumericMetrics(int classCount)
    {
        var rows = RandomRows.Draw(8, 300, classCount);
        var metrics = EvaluatedViews.Evaluate(rows.View(), new() { MaxDegreeOfParallelism = 2 });

        Assert.All(Enum.GetValues<HeadlineMetric>(), metric => Assert.Equal(rows.Headline[(int)metric], metrics[metric], 1e-12));
        Assert.Equal(RocAuc.Macro(RocAuc.Compute(rows.Block)), metrics.MacroRocAuc!.Value, 1e-12);
        Assert.Equal(classCount, metrics.TopKAccuracy.Count);
        Assert.Equal(classCount <= 1000, metrics.Confusion is not null);
        Assert.All(metrics.ToString().Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void SparseRows_AreReadAsDense()
    {
        var sparse = new VBuffer<float>(4, 1, [1f], [2]);
        var data = new MemoryView().With("Probability", new VectorDataViewType(NumberDataViewType.Single, 4), new[] { sparse, sparse })
            .With("Label", NumberDataViewType.Single, [2f, 1]);
        var metrics = EvaluatedViews.Evaluate(data);

        Assert.Equal(0.5, metrics.MicroAccuracy);
        Assert.Equal(1, metrics.Confusion![1, 2]);
        Assert.Equal(1, metrics.ImpossibleRows);
    }

    [Fact]
    public void Weights_OfWholeNumbers_CountAsRepeatedRows()
    {
        var rows = RandomRows.Draw(5, 300, 3);
        var times = Enumerable.Range(0, 300).Select(row => row % 3).ToArray();
        var view = rows.View().With("Weight", NumberDataViewType.Single, [.. times.Select(count => (float)count)]);
        var weighted = EvaluatedViews.Evaluate(view, new() { ExampleWeightColumnName = "Weight" });
        var repeated = Enumerable.Range(0, 300).SelectMany(row => Enumerable.Repeat(row, times[row])).ToArray();
        var plain = EvaluatedViews.Evaluate(
            new RandomRows(3, [.. repeated.SelectMany(rows.Row)], [.. repeated.Select(row => rows.Labels[row])]).View());

        Assert.Equal((true, 300.0, 200, 100),
            (weighted.IsWeighted, weighted.TotalWeight, weighted.RowsUsed, weighted.RowsLeftOut.ZeroWeight));
        EvaluatedViews.AssertSameHeadline(plain, weighted);
        Assert.Equal(plain.MacroRocAuc!.Value, weighted.MacroRocAuc!.Value, 1e-12);
    }

    [Fact]
    public void RowsLeftOut_ByReason_AreCountedAndLogged()
    {
        var mlContext = new MLContext();
        var log = Labels.LogOf(mlContext);
        float[][] rows = [[.9f, .1f], [.2f, .8f], [float.NaN, 1], [.5f, .5f], [.5f, .5f], [.5f, .5f], [float.PositiveInfinity, 0]];
        var data = new MemoryView().WithScores("Probability", [2], rows)
            .WithKeys("Label", 3, [1, 2, 1, 0, 3, 1, 1])
            .With("Weight", NumberDataViewType.Single, [1, 1, 1, 1, 1, -1, 1f]);
        var metrics = mlContext.MulticlassClassification.EvaluateProbabilities(data, options: new() { ExampleWeightColumnName = "Weight" });

        Assert.Equal(new RowsLeftOut(MissingLabel: 1, UnknownLabel: 1, NotFinite: 2, InvalidWeight: 1, ZeroWeight: 0), metrics.RowsLeftOut);
        Assert.Equal((2, 1), (metrics.RowsUsed, metrics.MicroAccuracy));
        const string Expected = "5 rows could not be evaluated: 1 without a label";
        Assert.Contains(log, message => message.Message.Contains(Expected, StringComparison.Ordinal));
    }

    [Fact]
    public void ConfidentMistakes_OfAView_HaveTheRowsNames()
    {
        var rows = RandomRows.Draw(6, 500, 3);
        var files = Enumerable.Range(0, 500).Select(row => $"{row}.jpg".AsMemory());
        var data = rows.View().With("File", TextDataViewType.Instance, files.ToArray());
        var metrics = EvaluatedViews.Evaluate(data, new() { RowNameColumnName = "File", ConfidentMistakes = 7 });

        Assert.Equal(7, metrics.ConfidentMistakes.Count);
        Assert.All(metrics.ConfidentMistakes, mistake =>
        {
            Assert.Equal($"{mistake.RowId}.jpg", mistake.RowName);
            Assert.Equal(rows.Labels[(int)mistake.RowId], mistake.Label);
            Assert.Equal(rows.Row((int)mistake.RowId).Max(), mistake.Confidence);
            Assert.Equal(rows.Row((int)mistake.RowId)[mistake.Label], mistake.LabelProbability);
        });
    }

    [Fact]
    public void RowsWithNaN_LeaveTheOthersTheirWeightsLabelsAndNames()
    {
        var rows = RandomRows.Draw(8, 500, 3);
        var usable = Enumerable.Range(0, 500).Where(row => row % 7 != 3).ToArray();
        for (var row = 3; row < 500; row += 7)
            rows.Probabilities[row * 3] = float.NaN;
        ProbabilityMetrics Evaluate(RandomRows some, IEnumerable<int> numbers) => EvaluatedViews.Evaluate(
            some.View().With("File", TextDataViewType.Instance, numbers.Select(row => $"{row}.jpg".AsMemory()).ToArray())
                .With("Weight", NumberDataViewType.Single, numbers.Select(row => 1f + (row % 5)).ToArray()),
            new() { RowNameColumnName = "File", ExampleWeightColumnName = "Weight", ConfidentMistakes = 400 });

        var expected = Evaluate(new(3, [.. usable.SelectMany(rows.Row)], [.. usable.Select(row => rows.Labels[row])]), usable);
        var metrics = Evaluate(rows, Enumerable.Range(0, 500));
        Assert.Equal((usable.Length, 500 - usable.Length), (metrics.RowsUsed, metrics.RowsLeftOut.NotFinite));
        EvaluatedViews.AssertSameHeadline(expected, metrics);
        Assert.Equal(expected.MacroRocAuc!.Value, metrics.MacroRocAuc!.Value, 1e-12);
        Assert.Equal(
            expected.ConfidentMistakes.Select(mistake => (mistake.RowName, mistake.Label, (ulong)usable[(int)mistake.RowId])),
            metrics.ConfidentMistakes.Select(mistake => (mistake.RowName, mistake.Label, mistake.RowId)));
    }

    [Fact]
    public void Compare_OfTwoColumns_MatchesTheRowsThatBothCouldUse()
    {
        var before = RandomRows.Draw(7, 1000, 3, sharpness: 4);
        var after = RandomRows.Draw(7, 1000, 3, sharpness: 1);
        after.Probabilities[3] = float.NaN;
        var comparison = ProbabilityMetrics.Compare(
            EvaluatedViews.Evaluate(before.View()), EvaluatedViews.Evaluate(after.View()), new() { Resamples = 100 });

        Assert.Equal(999, comparison.Rows);
        Assert.Equal(1, comparison.RowsOnlyBefore);
        Assert.True(comparison[HeadlineMetric.LogLoss].IsImprovement);
        Assert.False(comparison[HeadlineMetric.MicroAccuracy].IsReal);
    }

    [Theory]
    [MemberData(nameof(RecordedNetwork.Names), MemberType = typeof(RecordedNetwork))]
    public void Evaluate_OfARealNetwork_GivesTheReferencesFigures(string network)
    {
        var recorded = RecordedNetwork.Load(network);
        var expected = recorded.Metrics("all");
        var data = new MemoryView().WithScores("Probability", [10], [.. recorded.Probabilities.Chunk(10)])
            .With("Label", NumberDataViewType.Single, [.. recorded.Labels.Select(label => (float)label)]);
        var metrics = EvaluatedViews.Evaluate(data);
        (string Name, double Value)[] measured =
        [
            ("accuracy", metrics.MicroAccuracy), ("nll", metrics.LogLoss), ("brier", metrics.BrierScore),
            ("ece15", metrics.ExpectedCalibrationError), ("mce15", metrics.MaximumCalibrationError),
            ("adaptiveEce15", metrics.AdaptiveCalibrationError!.Value),
            ("classwiseEce15", metrics.ClasswiseCalibrationError), ("top3", metrics.TopKAccuracy[2]), ("top5", metrics.TopKAccuracy[4]),
            ("macroF1", metrics.MacroF1), ("balancedAccuracy", metrics.MacroAccuracy), ("matthews", metrics.MatthewsCorrelation),
            ("cohenKappa", metrics.CohenKappa), ("macroRocAucOvr", metrics.MacroRocAuc!.Value),
        ];

        Assert.Equal(expected.Count, measured.Length);
        Assert.All(measured, figure => Assert.Equal(expected[figure.Name], figure.Value, 1e-6));
    }
}
