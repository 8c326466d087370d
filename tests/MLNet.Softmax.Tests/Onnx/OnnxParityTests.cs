using System.Collections.Immutable;

namespace MLNet.Softmax.Tests;

public class OnnxParityTests
{
    private static readonly float[] Temperatures = [0.05f, 0.5f, 1f, 3f, 100f];

    // Not below 0.25: smaller probabilities are subnormal, which ONNX Runtime rounds to 0 on some processors, and then ranks as equal.
    private static readonly float[] RankedTemperatures = [0.25f, 0.5f, 1f, 3f, 100f];

    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(2, 10f)]
    [InlineData(10, 10f)]
    [InlineData(1000, 10f)]
    [InlineData(2, 1e4f)]
    [InlineData(10, 1e4f)]
    [InlineData(1000, 1e4f)]
    public void Softmax_AtAnyTemperature_IsTheSameInOnnxRuntime(int classCount, float largest)
    {
        var rows = RandomRows(1001, classCount, largest);
        var pipeline = new EstimatorChain<ITransformer>();
        foreach (var temperature in Temperatures)
            pipeline = pipeline.Append<ITransformer>(Softmax($"P{temperature}", temperature));

        AssertSame(pipeline, [classCount], rows);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1000)]
    public void TopK_OfTheProbabilitiesAndOfLargeLogits_IsTheSameInOnnxRuntime(int classCount)
    {
        var names = Labels.SlotNames([.. Enumerable.Range(0, classCount).Select(i => $"Klasse {i} äöü 猫")]);
        var pipeline = new EstimatorChain<ITransformer>();
        foreach (var temperature in RankedTemperatures)
        {
            pipeline = pipeline.Append<ITransformer>(Softmax($"P{temperature}", temperature))
                .Append<ITransformer>(_mlContext.Transforms.TopK($"Top{temperature}", $"P{temperature}"));
        }

        AssertSame(pipeline, [classCount], RandomRows(1001, classCount, 10f), names);
        AssertSame(_mlContext.Transforms.TopK("Top", "Score", k: 5), [classCount], RandomRows(1001, classCount, 1e4f));
    }

    [Fact]
    public void TopK_OfEqualScores_IsTheSameInOnnxRuntime()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 1000).Select(_ => Enumerable.Range(0, 10).Select(_ => (float)random.Next(3)).ToArray()).ToArray();

        AssertSame(_mlContext.Transforms.TopK("Top", "Score", k: 7), [10], rows);
    }

    [Fact]
    public void TopK_OfScoresWithNaNAndInfinities_IsTheSameInOnnxRuntime()
    {
        float[] values = [float.NaN, float.NegativeInfinity, float.MinValue, -1, 0, 2, float.MaxValue, float.PositiveInfinity];
        var random = new Random(5);
        float[][] rows =
        [
            [float.NaN, 2, 3], [3, float.NaN, 1], [float.NaN, float.NegativeInfinity, 1], [float.NegativeInfinity, float.NaN, float.NaN],
            .. Enumerable.Range(0, 1000).Select(_ => random.GetItems(values, 3)),
        ];
        foreach (var k in (int[])[1, 2, 3])
            AssertSame(_mlContext.Transforms.TopK("Top", "Score", k), [3], rows);
    }

    [Fact]
    public void LogSoftmax_IsTheSameInOnnxRuntime()
    {
        AssertSame(LogSoftmax("Log1", 1f).Append(LogSoftmax("Log3", 3f)), [10], RandomRows(1001, 10, 30f));
    }

    [Fact]
    public void SoftmaxOfProbabilities_IsTheSameInOnnxRuntime()
    {
        var rows = RandomRows(1001, 10, 20f).Select(row => Scores.NaiveSoftmax(row).Select(p => (float)p).ToArray()).ToArray();
        rows[0] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var pipeline = Softmax("P1", 1f, ScoreKind.Auto).Append(Softmax("P3", 3f, ScoreKind.Auto));
        AssertSame(pipeline.Append(Softmax("P0.5", 0.5f, ScoreKind.Auto)), [10], rows);
    }

    [Fact]
    public void RowsWithNaNAndInfinities_AreTheSameInOnnxRuntime()
    {
        float[][] rows =
        [
            [1, float.NaN, 2], [float.NaN, 1, 2], [1, float.PositiveInfinity, 2], [1, float.NegativeInfinity, 2],
            [float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity], [float.MaxValue, -float.MaxValue, 0],
        ];
        AssertSame(Softmax("P1", 1f).Append(Softmax("P2", 2f)), [3], rows);
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(12, 1, 1)]
    [InlineData(3, 4)]
    [InlineData(4, 3, 1)]
    public void ScoresOfAnyShape_AreTheSameInOnnxRuntime(params int[] dimensions)
    {
        var rows = RandomRows(1001, 12, 10f);
        var pipeline = new EstimatorChain<ITransformer>()
            .Append<ITransformer>(Softmax("P", 2f))
            .Append<ITransformer>(LogSoftmax("Log", 1f));
        if (dimensions.Count(length => length > 1) == 1)
            pipeline = pipeline.Append<ITransformer>(_mlContext.Transforms.TopK("Top", "P", k: 3));
        AssertSame(pipeline, dimensions, rows);
    }

    [Fact]
    public void AStepThatReplacesItsColumn_IsTheSameInOnnxRuntime()
    {
        var pipeline = _mlContext.Transforms.CopyColumns("Copy", "Score")
            .Append(_mlContext.Transforms.Softmax("Copy", temperature: 2f, scoreKind: ScoreKind.Logits))
            .Append(_mlContext.Transforms.Softmax("Copy", temperature: 0.5f, scoreKind: ScoreKind.Probabilities));
        AssertSame(pipeline, [3], RandomRows(1001, 3, 5f));
    }

    [Theory]
    [InlineData()]
    [InlineData(16)]
    [InlineData(16, 8)]
    public void Perceptron_WithTheStepsAfterIt_IsTheSameInOnnxRuntime(params int[] hiddenLayers)
    {
        var rows = RandomRows(1001, 4, 3f);
        var labels = rows.Select(row => row[0] > row[1] ? "dog" : row[2] > 0 ? "cat" : "bird").ToArray();
        foreach (var dimensions in new[] { new[] { 4 }, [2, 2] })
        {
            var data = new MemoryView().WithScores("Features", dimensions, rows)
                .With("Name", TextDataViewType.Instance, [.. labels.Select(label => label.AsMemory())]);
            var keyed = _mlContext.Transforms.Conversion.MapValueToKey("Label", "Name").FitTransform(data);
            var trainer = _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: hiddenLayers, epochCount: 20);
            var model = trainer.Append(_mlContext.Transforms.Softmax("Probability", "Score", 1.5f))
                .Append(_mlContext.Transforms.TopK("Top", "Probability", k: 2))
                .Append(_mlContext.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel")).Fit(keyed);

            OnnxParity.AssertSame(_mlContext, model, "Features", dimensions, rows, rawScores: "Score");
        }
    }

    [Fact]
    public void AWholePipelineOfDigits_IsTheSameInOnnxRuntime()
    {
        var (train, test) = Digits.Read();
        IDataView View((float[] Pixels, int Label)[] digits) => new MemoryView()
            .WithScores("Features", [64], [.. digits.Select(digit => digit.Pixels)])
            .With("Name", TextDataViewType.Instance, [.. digits.Select(digit => $"digit {digit.Label}".AsMemory())]);
        var keys = _mlContext.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(View(train));
        var heldOut = keys.Transform(View(test));

        var perceptron = _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: [32], epochCount: 5)
            .Fit(keys.Transform(View(train)));
        var temperature = _mlContext.MulticlassClassification.Calibrators.Temperature().Fit(perceptron.Transform(heldOut));
        var topK = _mlContext.Transforms.TopK("Top", "Probability", k: 3).Fit(temperature.Transform(perceptron.Transform(heldOut)));
        var values = _mlContext.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel").Fit(perceptron.Transform(heldOut));

        var model = new TransformerChain<ITransformer>(perceptron, temperature, topK, values);
        float[][] rows = [.. train.Concat(test).Select(digit => digit.Pixels)];
        OnnxParity.AssertSame(_mlContext, model, "Features", [64], rows, rawScores: "Score");
    }

    [Theory]
    // Scores up to 150 apart: at a lower temperature probabilities are subnormal (see RankedTemperatures).
    [InlineData("SdcaNonCalibrated", ScoreKind.Logits, 5f)]
    [InlineData("SdcaMaximumEntropy", ScoreKind.Probabilities, 1.5f)]
    [InlineData("LbfgsMaximumEntropy", ScoreKind.Probabilities, 1.5f)]
    [InlineData("NaiveBayes", ScoreKind.Logits, 1.5f)]
    // ONNX Runtime's sigmoid rounds small probabilities of this trainer to 0, which a temperature above 1 would magnify.
    [InlineData("OneVersusAll", ScoreKind.Probabilities, 1f)]
    public void AfterATrainerOfMLNet_TheStepsAreTheSameInOnnxRuntime(string trainer, ScoreKind expected, float temperature)
    {
        var estimator = MLNetTrainers.Create(_mlContext, trainer);
        var rows = RandomRows(1001, 4, 3f);
        var labels = rows.Select(row => row[0] > row[1] ? 1u : row[2] > 0 ? 2u : 3u).ToArray();
        var data = new MemoryView().WithScores("Features", [4], rows)
            .WithKeys("Label", 3, labels, Labels.KeyValues("dog", "cat", "bird"));
        var trained = estimator.Fit(data);
        var softmax = _mlContext.Transforms.Softmax("Probability", "Score", temperature).Fit(trained.Transform(data));
        var topK = _mlContext.Transforms.TopK("Top", "Probability", k: 2).Fit(softmax.Transform(trained.Transform(data)));

        Assert.Equal(expected, softmax.ScoreKind);
        var model = new TransformerChain<ITransformer>(trained, softmax, topK);
        OnnxParity.AssertSame(_mlContext, model, "Features", [4], rows, rawScores: "Score");
    }

    [Theory]
    [InlineData("Temperature", ScoreKind.Logits)]
    [InlineData("Temperature", ScoreKind.Probabilities)]
    [InlineData("VectorScaling", ScoreKind.Logits)]
    [InlineData("MatrixScaling", ScoreKind.Logits)]
    [InlineData("MatrixScaling", ScoreKind.Probabilities)]
    [InlineData("Dirichlet", ScoreKind.Logits)]
    [InlineData("Dirichlet", ScoreKind.Probabilities)]
    [InlineData("Isotonic", ScoreKind.Logits)]
    [InlineData("Isotonic", ScoreKind.Probabilities)]
    public void ACalibrator_IsTheSameInOnnxRuntime(string calibrator, ScoreKind kind)
    {
        const int ClassCount = 10;
        var rows = RandomRows(1001, ClassCount, 20f);
        if (kind == ScoreKind.Probabilities)
            rows = [.. rows.Select(row => Scores.NaiveSoftmax(row).Select(p => (float)p).ToArray())];
        foreach (var dimensions in new[] { new[] { ClassCount }, [1, ClassCount], [ClassCount, 1] })
            OnnxParity.AssertSame(_mlContext, Calibrator(calibrator, ClassCount, kind), "Score", dimensions, rows);
    }

    [Theory]
    [InlineData("VectorScaling")]
    [InlineData("MatrixScaling")]
    [InlineData("Dirichlet")]
    public void ACalibratorOfAnImpossibleClass_IsTheSameInOnnxRuntime(string calibrator)
    {
        float[][] rows =
        [
            [1, float.NegativeInfinity, 2], [float.NegativeInfinity, 3, float.NegativeInfinity], [1, 2, 3],
            // Masks, and a logit that is just none.
            [1, -1e9f, 2], [float.MinValue, 3, -1e4f], [1, -450, 2], [float.NaN, -1e9f, 2],
        ];

        OnnxParity.AssertSame(_mlContext, Calibrator(calibrator, 3, ScoreKind.Logits), "Score", [3], rows);
    }

    /// <summary>Also where the infinite score is the only one, or meets a weight of another sign.</summary>
    [Theory]
    [InlineData("Temperature")]
    [InlineData("VectorScaling")]
    [InlineData("MatrixScaling")]
    [InlineData("Dirichlet")]
    [InlineData("Isotonic")]
    public void ACalibratorOfInfiniteAndMissingScores_GivesNaNInOnnxRuntimeToo(string calibrator)
    {
        const float Infinity = float.PositiveInfinity;
        float[][] rows =
        [
            [1, Infinity, 2], [Infinity, 1, 2], [1, 2, Infinity], [Infinity, Infinity, 0], [Infinity, -Infinity, 0], [Infinity, -1e9f, 2],
            [Infinity, Infinity, Infinity], [float.NaN, 1, 2], [-Infinity, -Infinity, -Infinity],
        ];
        var transformer = Calibrator(calibrator, 3, ScoreKind.Logits);

        var output = transformer.Transform(new MemoryView().WithScores("Score", [3], rows)).Column("Probability");
        Assert.All(output, row => Assert.All(row, value => Assert.Equal(float.NaN, value)));
        OnnxParity.AssertSame(_mlContext, transformer, "Score", [3], rows);
    }

    private static ScoreTransformer Calibrator(string calibrator, int classCount, ScoreKind kind)
    {
        var random = new Random(classCount);
        var columns = new CalibratedColumns("Probability", "Score", kind);
        var leftOut = RowsLeftOut.None;
        ImmutableArray<double> weights = [.. Enumerable.Range(0, classCount * classCount)
            .Select(i => i % (classCount + 1) == 0 ? 0.8 : (random.NextDouble() - 0.5) * 0.2)];
        ImmutableArray<double> intercepts = [.. Enumerable.Range(0, classCount).Select(_ => random.NextDouble() - 0.5)];
        var fit = new ScalingFit(
            weights, intercepts, 1, 1, 1, 100, leftOut, 1, FitOutcome.Converged, CrossValidation: null, MaskDistance: 500);
        return calibrator switch
        {
            "Temperature" => new TemperatureCalibratorTransformer(columns, new(1.7, 1, 1, 100, leftOut, 1, FitOutcome.Converged)),
            "VectorScaling" => new VectorScalingCalibratorTransformer(columns, fit with { Weights = weights[..classCount] }),
            "MatrixScaling" => new MatrixScalingCalibratorTransformer(columns, fit),
            "Isotonic" => new IsotonicCalibratorTransformer(
                columns, new([.. Enumerable.Range(0, classCount).Select(Curve)], 1, 1, 100, leftOut)),
            _ => new DirichletCalibratorTransformer(columns, fit),
        };
    }

    /// <summary>Of one knot, two, three ... for the classes in turn; class 0's is 0 throughout.</summary>
    private static IsotonicCurve Curve(int index) => new(
        [.. Enumerable.Range(0, index + 1).Select(knot => 0.05f + 0.09f * knot)],
        [.. Enumerable.Range(0, index + 1).Select(knot => index == 0 ? 0 : 0.01f * index + 0.08f * knot)]);

    private void AssertSame(IEstimator<ITransformer> pipeline, int[] dimensions, float[][] rows, DataViewSchema.Annotations? names = null)
    {
        var model = pipeline.Fit(new MemoryView().WithScores("Score", dimensions, rows, names));
        OnnxParity.AssertSame(_mlContext, model, "Score", dimensions, rows, names);
    }

    private SoftmaxEstimator Softmax(string name, float temperature, ScoreKind kind = ScoreKind.Logits) =>
        _mlContext.Transforms.Softmax(name, "Score", temperature, kind);

    private LogSoftmaxEstimator LogSoftmax(string name, float temperature) =>
        _mlContext.Transforms.LogSoftmax(name, "Score", temperature, ScoreKind.Logits);

    private static float[][] RandomRows(int count, int classCount, float largest)
    {
        var random = new Random(classCount);
        float[] Row() => [.. Enumerable.Range(0, classCount).Select(_ => (random.NextSingle() * 2 - 1) * largest)];
        return [.. Enumerable.Range(0, count).Select(_ => Row())];
    }
}
