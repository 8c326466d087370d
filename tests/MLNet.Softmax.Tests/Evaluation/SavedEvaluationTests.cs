using FsCheck;
using FsCheck.Fluent;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.State;

namespace MLNet.Softmax.Tests.Evaluation;

/// <summary>Evaluations that are saved, loaded and merged: the figures of all rows, however they were divided.</summary>
public sealed class SavedEvaluationTests
{
    private const double Rounding = 1e-12;

    [Fact]
    public void Merge_OfSavedParts_GivesTheFiguresOfOnePass() => Prop.ForAll(Divisions, division =>
    {
        var rows = division.Rows();
        var random = new System.Random(division.Seed);
        var whole = division.Evaluate(rows, [.. Enumerable.Range(0, rows.Count)]);
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        random.Shuffle(order);
        ProbabilityEvaluator[] parts = [.. order.GroupBy(_ => random.Next(division.PartCount))
            .Select(part => Reloaded(division.Evaluate(rows, [.. part])))];
        foreach (var part in parts[1..])
            parts[0].Merge(part);

        AssertSame(whole.ToMetrics(), Reloaded(parts[0]).ToMetrics(), division.IsWeighted);
    }).QuickCheckThrowOnFailure();

    /// <summary>Each process numbers its rows from 0: several rows have the same id.</summary>
    [Fact]
    public void Merge_OfPartsWithoutIds_GivesTheSameInAnyOrder()
    {
        ProbabilityMetrics Merged(params int[] order)
        {
            var rows = RandomRows.Draw(5, 90, 3, sharpness: 0);
            var all = new ProbabilityEvaluator(Names(3), new() { ConfidentMistakes = 7, Bootstrap = new() { Resamples = 20 } });
            foreach (var part in order)
            {
                var one = new ProbabilityEvaluator(Names(3), new() { ConfidentMistakes = 7, Bootstrap = new() { Resamples = 20 } });
                one.Add(rows.Block.Slice(part * 30, 30));
                all.Merge(Reloaded(one));
            }

            return all.ToMetrics();
        }

        AssertSame(Merged(0, 1, 2), Merged(2, 0, 1), isWeighted: false);
    }

    [Fact]
    public void Load_OfASavedEvaluation_GoesOnWhereItStopped()
    {
        var rows = RandomRows.Draw(3, 500, 4);
        var (stopped, never) = (new ProbabilityEvaluator(Names(4)), new ProbabilityEvaluator(Names(4)));
        stopped.Add(rows.Block.Slice(0, 300), default, [.. Enumerable.Range(0, 300).Select(row => $"row {row}".AsMemory())]);
        never.Add(rows.Block.Slice(0, 300), default, [.. Enumerable.Range(0, 300).Select(row => $"row {row}".AsMemory())]);
        stopped.LeaveOut(new(1, 2, 3, 4, 5, 6));
        never.LeaveOut(new(1, 2, 3, 4, 5, 6));
        var resumed = Reloaded(stopped);
        Assert.Equal(Saved(stopped), Saved(resumed));
        resumed.Add(rows.Block.Slice(300, 200));
        never.Add(rows.Block.Slice(300, 200));

        Assert.Equal(never.ToMetrics().ToString(), resumed.ToMetrics().ToString());
        Assert.Equal(never.ToMetrics().DoubtfulRows, resumed.ToMetrics().DoubtfulRows);
        Assert.Contains(resumed.ToMetrics().ConfidentMistakes, mistake => mistake.RowName == $"row {mistake.RowId}");
    }

    /// <summary>Files of released versions stay in Fixtures; WRITE_FIXTURES=1 writes one for a new version.</summary>
    [Fact]
    public void Load_OfEveryFormatVersion_GivesTheSameFigures()
    {
        var rows = RandomRows.Draw(9, 60, 3);
        var evaluator = new ProbabilityEvaluator(Names(3), new() { Bootstrap = new() { Resamples = 20 } });
        evaluator.Add(
            new(rows.Probabilities, 3, rows.Labels, [.. rows.Labels.Select(label => 1 + (label / 4f))]), default,
            [.. rows.Labels.Select(label => $"of class {label}".AsMemory())]);
        foreach (var version in Enumerable.Range(1, StateFile.Version))
        {
            var file = Path.Combine(Repository.Root, "tests", "MLNet.Softmax.Tests", "Fixtures", $"Evaluation-{version}.state");
            if (!File.Exists(file) && Environment.GetEnvironmentVariable("WRITE_FIXTURES") == "1")
                evaluator.Save(file);
            var loaded = ProbabilityEvaluator.Load(file).ToMetrics();
            Assert.Equal(evaluator.ToMetrics().ToString(), loaded.ToString());
            Assert.Equal(evaluator.ToMetrics().ConfidentMistakes, loaded.ConfidentMistakes, AreSame);
        }

        // The last digit of a softmax depends on the processor, and the file may have been written on another.
        static bool AreSame(EvaluatedRow first, EvaluatedRow second) =>
            Math.Abs(first.Confidence - second.Confidence) < 1e-6 && Math.Abs(first.LabelProbability - second.LabelProbability) < 1e-6
            && first == second with { Confidence = first.Confidence, LabelProbability = first.LabelProbability };
    }

    /// <summary>Ids that count up take one number; others 8 bytes each more, from the first that does not.</summary>
    [Theory]
    [InlineData(0, 5)]
    [InlineData(0, 5, 6, 7)]
    [InlineData(8 * 3, 5, 6, 8)]
    [InlineData(8 * 3, 5, 4, 7)]
    [InlineData(8 * 2, 6, 5)]
    [InlineData(8 * 4, 0, 1, 2, 2)]
    public void Load_OfIdsInAnyOrder_GivesEachRowItsId(int moreBytes, params int[] ids)
    {
        ProbabilityEvaluator Of(int[] numbers)
        {
            var rows = RandomRows.Draw(6, numbers.Length, 2);
            var options = ProbabilityEvaluationOptions.Streaming();
            options.KeepRows = true;
            var evaluator = new ProbabilityEvaluator(Names(2), options);
            evaluator.Add(rows.Block, [.. numbers.Select(id => (ulong)id)]);
            return evaluator;
        }

        var saved = Saved(Of(ids));
        Assert.Equal(Of(ids).Rows!.Sorted().Ids, Loaded(saved).Rows!.Sorted().Ids);
        Assert.Equal(Of(ids).Rows!.Sorted().Outcomes, Loaded(saved).Rows!.Sorted().Outcomes);
        Assert.Equal(Saved(Of([.. Enumerable.Range(0, ids.Length)])).Length + moreBytes, saved.Length);
    }

    [Fact]
    public void Compare_OfLoadedEvaluations_MatchesTheRows()
    {
        var (before, after) = (new ProbabilityEvaluator(Names(3)), new ProbabilityEvaluator(Names(3)));
        before.Add(RandomRows.Draw(4, 200, 3, sharpness: 4).Block);
        after.Add(RandomRows.Draw(4, 200, 3, sharpness: 1).Block);
        var expected = ProbabilityMetrics.Compare(before.ToMetrics(), after.ToMetrics(), new() { Resamples = 20 });
        var loaded = ProbabilityMetrics.Compare(Reloaded(before).ToMetrics(), Reloaded(after).ToMetrics(), new() { Resamples = 20 });

        Assert.Equal(expected.ToString(), loaded.ToString());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public void Size_WhereMetricsStream_DoesNotDependOnTheRows(int classCount)
    {
        long Size(int rows)
        {
            var options = ProbabilityEvaluationOptions.Streaming();
            (options.ConfidentMistakes, options.DoubtfulRows) = (0, 0);
            return Saved(Evaluated(RandomRows.Draw(1, rows, classCount), options)).Length;
        }

        Assert.Equal(Size(10), Size(5000));
        // What the documentation of Save says.
        Assert.InRange(Size(10), 1, 17_000 + (700 * classCount) + (8 * classCount * classCount));
    }

    [Fact]
    public void Size_WhereRowsAreKept_IsWhatTheDocumentationSays()
    {
        var rows = RandomRows.Draw(1, 20_000, 10);
        var all = Saved(Evaluated(rows)).Length;
        var withoutAreas = Saved(Evaluated(rows, new() { RocAuc = false })).Length;
        Assert.InRange((all - withoutAreas) / 20_000.0, 40, 40.1);
        Assert.InRange((withoutAreas - Saved(Evaluated(rows, ProbabilityEvaluationOptions.Streaming())).Length) / 20_000.0, 19, 19.1);
    }

    [Fact]
    public void Merge_OfOtherClassesOrOptions_NamesTheDifference()
    {
        var evaluator = Reloaded(new ProbabilityEvaluator(["cat", "dog"], new() { Bootstrap = new() }));
        void Refused(ProbabilityEvaluator other, params string[] parts) =>
            Refusal.Of<ArgumentException>(() => evaluator.Merge(Reloaded(other)), parts);

        Refused(new(["cat", "dog", "emu"], new() { Bootstrap = new() }), "the first has 2 classes and the second 3");
        Refused(new(["cat", "fox"], new() { Bootstrap = new() }), "class 1 is 'dog' in the first and 'fox' in the second");
        Refused(new(["cat", "dog"]), "Bootstrap.Resamples is 1000 in the first and not set in the second");
        Refused(
            new(["cat", "dog"], new() { Bootstrap = new(), RocAuc = false, CalibrationBins = new(10, BinConvention.LowerInclusive) }),
            "CalibrationBins is 15 bins, UpperInclusive in the first and 10 bins, LowerInclusive in the second",
            "RocAuc is True in the first and False in the second");
    }

    [Fact]
    public void Save_ToAPath_ReplacesTheFileAndLoadsFromIt()
    {
        var folder = Directory.CreateTempSubdirectory("saved-").FullName;
        var path = Path.Combine(folder, "all.state");
        File.WriteAllText(path, "old");
        Refusal.Of<InvalidDataException>(() => ProbabilityEvaluator.Load(path), path, "not a saved evaluation");
        var evaluator = Evaluated(RandomRows.Draw(1, 10, 3));
        evaluator.Save(path);

        Assert.Equal(evaluator.ToMetrics().ToString(), ProbabilityEvaluator.Load(path).ToMetrics().ToString());
        Assert.Equal([path], Directory.GetFiles(folder));
        Assert.Throws<ArgumentNullException>("path", () => evaluator.Save((string)null!));
        Assert.Throws<ArgumentNullException>("stream", () => evaluator.Save((Stream)null!));
        Assert.Throws<ArgumentNullException>("stream", () => ProbabilityEvaluator.Load((Stream)null!));
        Assert.Throws<DirectoryNotFoundException>(() => evaluator.Save(Path.Combine(folder, "none", "all.state")));
        Directory.Delete(folder, recursive: true);
    }

    internal static byte[] Saved(ProbabilityEvaluator evaluator)
    {
        using var stream = new MemoryStream();
        evaluator.Save(stream);
        return stream.ToArray();
    }

    internal static ProbabilityEvaluator Loaded(byte[] saved) => ProbabilityEvaluator.Load(new MemoryStream(saved));

    internal static ProbabilityEvaluator Evaluated(RandomRows rows, ProbabilityEvaluationOptions? options = null)
    {
        var evaluator = new ProbabilityEvaluator(Names(rows.ClassCount), options);
        evaluator.Add(rows.Block);
        return evaluator;
    }

    private static ProbabilityEvaluator Reloaded(ProbabilityEvaluator evaluator) => Loaded(Saved(evaluator));

    private static string[] Names(int classCount) => [.. Enumerable.Range(0, classCount).Select(label => $"class {label}")];

    /// <summary>Few distinct rows, so that many tie, of few classes and of many: they take different loops.</summary>
    private static Arbitrary<Division> Divisions => (
        from seed in Gen.Choose(1, 1_000_000)
        from rowCount in Gen.Choose(1, 400)
        from classCount in Gen.Elements(2, 3, 7, 40)
        from distinct in Gen.Elements(1, 5, 1000)
        from partCount in Gen.Choose(1, 12)
        from isWeighted in Gen.Elements(true, false)
        from kind in Gen.Choose(0, 3)
        select new Division(seed, rowCount, classCount, distinct, partCount, isWeighted, kind)).ToArbitrary();

    private static void AssertSame(ProbabilityMetrics expected, ProbabilityMetrics actual, bool isWeighted)
    {
        var tolerance = isWeighted ? Rounding : 0;
        Assert.Equal(Counts(expected), Counts(actual));
        Assert.All(Weights(expected).Zip(Weights(actual)), pair => Assert.Equal(pair.First, pair.Second, tolerance * Math.Abs(pair.First)));
        Assert.Equal(Figures(expected).Length, Figures(actual).Length);
        Assert.All(Figures(expected).Zip(Figures(actual)), pair => Assert.Equal(pair.First, pair.Second, Rounding));
        Assert.All(Bounds(expected).Zip(Bounds(actual)), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        Assert.Equal(expected.ConfidentMistakes, actual.ConfidentMistakes);
        Assert.Equal(expected.DoubtfulRows, actual.DoubtfulRows);
    }

    private static object[] Counts(ProbabilityMetrics metrics) =>
    [
        metrics.RowsUsed, metrics.RowsLeftOut, metrics.RowsRenormalized, metrics.ImpossibleRows, metrics.IsWeighted, metrics.IntervalMethod,
    ];

    private static double[] Weights(ProbabilityMetrics metrics) =>
    [
        metrics.TotalWeight, .. metrics.Reliability.Select(bin => bin.Weight), .. metrics.Classes.Select(one => one.Weight),
        .. Enumerable.Range(0, metrics.Confusion?.ClassCount ?? 0).SelectMany(label => metrics.Confusion!.Row(label).ToArray()),
    ];

    private static double[] Figures(ProbabilityMetrics metrics) =>
    [
        .. Enum.GetValues<HeadlineMetric>().Select(metric => metrics[metric]), metrics.PriorLogLoss, metrics.WeightedF1,
        metrics.MeanConfidence, metrics.ClasswiseCalibrationError, metrics.MacroRocAuc ?? -1, metrics.AdaptiveCalibrationError ?? -1,
        .. metrics.TopKAccuracy, .. metrics.RiskCoverage.SelectMany(point => new[] { point.Confidence, point.Coverage, point.Risk }),
        .. metrics.Classes.SelectMany(one => new[] { one.Precision, one.Recall, one.F1, one.RocAuc ?? -1 }),
        .. metrics.Reliability.SelectMany(bin => new[] { bin.MeanProbability, bin.ObservedFrequency }),
    ];

    private static double[] Bounds(ProbabilityMetrics metrics) =>
    [
        .. Enum.GetValues<HeadlineMetric>().Select(metric => metrics.IntervalOf(metric) ?? default)
            .SelectMany(interval => new[] { interval.Lower, interval.Upper }),
    ];

    /// <summary>Random rows and how they are divided.</summary>
    private sealed record Division(
        int Seed, int RowCount, int ClassCount, int Distinct, int PartCount, bool IsWeighted, int Kind)
    {
        public RandomRows Rows()
        {
            var rows = RandomRows.Draw(Seed, RowCount, ClassCount, sharpness: 3);
            var sources = Enumerable.Range(0, RowCount).Select(row => row % Distinct);
            return new(ClassCount, [.. sources.SelectMany(rows.Row)], rows.Labels);
        }

        public ProbabilityEvaluator Evaluate(RandomRows rows, int[] chosen)
        {
            ProbabilityEvaluationOptions options = Kind switch
            {
                0 => ProbabilityEvaluationOptions.Streaming(),
                1 => new() { Bootstrap = new() { Resamples = 10 }, RocAuc = false },
                2 => new() { LargestConfusionMatrix = 0, CalibrationBins = new(7, BinConvention.LowerInclusive), DoubtfulRows = 3 },
                _ => new(),
            };
            var evaluator = new ProbabilityEvaluator(Names(ClassCount), options);
            float[] weights = IsWeighted ? [.. chosen.Select(row => (row % 11) / 4f)] : [];
            evaluator.Add(
                new([.. chosen.SelectMany(rows.Row)], ClassCount, [.. chosen.Select(row => rows.Labels[row])], weights),
                [.. chosen.Select(row => (ulong)row)], [.. chosen.Select(row => $"{row}".AsMemory())]);
            evaluator.LeaveOut(new(chosen.Length, 0, chosen.Length, 0, 0));
            return evaluator;
        }
    }
}
