namespace MLNet.Softmax.Tests;

public class BadSchemaTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    private readonly MemoryView _data = new MemoryView()
        .WithScores("Score", [3], [[1, 2, 3]])
        .With("Number", NumberDataViewType.Single, [1f])
        .With("Doubles", new VectorDataViewType(NumberDataViewType.Double, 3), [new VBuffer<double>(3, [1.0, 2, 3])])
        .WithScores("Variable", [0], [[1, 2]])
        .WithScores("Matrix", [2, 3], [[1, 2, 3, 4, 5, 6]]);

    [Theory]
    [InlineData("Softmax")]
    [InlineData("LogSoftmax")]
    [InlineData("TopK")]
    public void AColumnThatDoesNotFit_IsNamedWithItsTypeAndTheExpectedOrThoseThatThereAre(string step)
    {
        Refuses(step, "Absent", "Column 'Absent' is missing. The data has: 'Score', 'Number', 'Doubles', 'Variable', 'Matrix'");
        Refuses(step, "Number", "Column 'Number' is Single, but Vector<Single> is expected");
        Refuses(
            step, "Doubles", "Column 'Doubles' is Vector<Double", "but Vector<Single> is expected", "Conversion.ConvertType(\"Doubles\"");
    }

    [Fact]
    public void TopK_OfAVectorOfUnknownSizeOrSeveralRowsOfScores_IsRefused()
    {
        Refuses("TopK", "Variable", "Column 'Variable' is Vector<Single>, a vector of unknown size", "shapeDictionary", "VectorType");
        Refusal.Of<ArgumentOutOfRangeException>(() => Step("TopK", "Matrix").Fit(_data),
            "Column 'Matrix' is Vector<Single, 2, 3>, which holds 2 rows of 3 scores");
    }

    [Fact]
    public void OneClass_IsRefusedWithTheSigmoidThatItNeeds()
    {
        var head = new MemoryView().WithScores("Score", [1, 1], [[7], [-3]]);
        IEstimator<ITransformer>[] steps =
        [
            _mlContext.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Logits), _mlContext.Transforms.TopK("Top", "Score"),
            _mlContext.MulticlassClassification.Calibrators.Temperature(),
        ];
        Assert.All(steps, step => Refusal.Of<ArgumentOutOfRangeException>(
            () => step.Fit(head), "Column 'Score' is Vector<Single, 1, 1>: the score of a single class, whose softmax is always 1",
            "Expression(\"Probability\", \"x => 1 / (1 + exp(-x))\", \"Score\")"));

        var sigmoid = _mlContext.Transforms.Expression("Probability", "x => 1 / (1 + exp(-x))", "Score").FitTransform(head);
        Assert.Equal(1 / (1 + Math.Exp(-7)), sigmoid.Column("Probability")[0][0], 1e-6);
    }

    [Fact]
    public void AMissingProbability_NamesTheTransformThatGivesIt() => Refusal.Of<ArgumentOutOfRangeException>(
        () => _mlContext.MulticlassClassification.Calibrators.PredictionSet().Fit(_data.With("Label", NumberDataViewType.Single, [0f])),
        "Column 'Probability' is missing", "append mlContext.Transforms.Softmax(\"Probability\", \"Score\")");

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void ATemperatureThatIsNotFiniteAndPositive_IsRefused(float temperature)
    {
        var transforms = _mlContext.Transforms;
        foreach (var make in new Action[]
            { () => transforms.Softmax("P", "Score", temperature), () => transforms.LogSoftmax("P", "Score", temperature) })
        {
            var error = Refusal.Of<ArgumentOutOfRangeException>(make, "finite and greater than 0");
            Assert.Equal(("temperature", temperature), (error.ParamName, (float)error.ActualValue!));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void AnUnknownScoreKind_IsRefused(int number)
    {
        var (kind, calibrators) = ((ScoreKind)number, _mlContext.MulticlassClassification.Calibrators);
        Action[] calls =
        [
            () => _mlContext.Transforms.Softmax("P", "Score", scoreKind: kind),
            () => _mlContext.Transforms.LogSoftmax("P", "Score", scoreKind: kind),
            () => calibrators.Temperature(scoreKind: kind), () => calibrators.VectorScaling(scoreKind: kind),
            () => calibrators.MatrixScaling(scoreKind: kind), () => calibrators.Dirichlet(scoreKind: kind),
            () => calibrators.Isotonic(scoreKind: kind),
        ];
        Refusal.OfAll<ArgumentOutOfRangeException>("The score kind must be Auto, Logits or Probabilities.", null, calls);
    }

    [Fact]
    public void AnEmptyColumnName_IsRefused()
    {
        Refusal.Of<ArgumentException>(() => _mlContext.Transforms.Softmax(""));
        Refusal.Of<ArgumentException>(() => _mlContext.Transforms.LogSoftmax("P", ""));
        Refusal.Of<ArgumentException>(() => _mlContext.Transforms.TopK(""));
        Refusal.Of<ArgumentNullException>(() => _mlContext.Transforms.Softmax(null!));
    }

    [Fact]
    public void NullArguments_AreRefused()
    {
        var estimator = _mlContext.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Logits);
        var transformer = estimator.Fit(_data);

        Refusal.Of<ArgumentNullException>(() => estimator.Fit(null!));
        Refusal.Of<ArgumentNullException>(() => estimator.GetOutputSchema(null!));
        Refusal.Of<ArgumentNullException>(() => transformer.Transform(null!));
        Refusal.Of<ArgumentNullException>(() => transformer.GetOutputSchema(null!));
        Assert.Throws<ArgumentNullException>("inputSchema", () => transformer.GetRowToRowMapper(null!));
        Assert.Throws<ArgumentNullException>("context", () => ((ICanSaveModel)transformer).Save(null!));
        Refusal.Of<ArgumentNullException>(() => ((TransformsCatalog)null!).Softmax("P"));
        var (trainers, calibrators) = (_mlContext.MulticlassClassification.Trainers, _mlContext.MulticlassClassification.Calibrators);
        foreach (var any in (IEstimator<ITransformer>[])[
            _mlContext.Transforms.TopK("Top"), _mlContext.Transforms.Decide("Decided"), trainers.MultilayerPerceptron(),
            calibrators.Temperature(), calibrators.Isotonic(), calibrators.PredictionSet(),
            calibrators.Threshold(ThresholdGoal.FBeta(), "a"),
            calibrators.CrossFit(trainers.SdcaMaximumEntropy(), calibrators.Temperature())])
        {
            Assert.Throws<ArgumentNullException>("inputSchema", () => any.GetOutputSchema(null!));
            Assert.Throws<ArgumentNullException>("input", () => any.Fit(null!));
        }
    }

    /// <summary>The same error from Fit and from a chain (which asks the schema shape first).</summary>
    private void Refuses(string step, string column, params string[] parts)
    {
        var renamed = _mlContext.Transforms.CopyColumns("Id", "Score");
        Assert.NotNull(Step(step, "Score").Fit(_data).Transform(renamed.FitTransform(_data)));

        var fromFit = Refusal.Of<ArgumentOutOfRangeException>(() => Step(step, column).Fit(_data), parts);
        var fromChain = Refusal.Of<ArgumentOutOfRangeException>(() => Step(step, column).Append(renamed).Fit(_data));
        Assert.Equal(fromFit.Message.Split(',', '>')[0], fromChain.Message.Split(',', '>')[0]);
    }

    private IEstimator<ITransformer> Step(string step, string column) => step switch
    {
        "Softmax" => _mlContext.Transforms.Softmax("Out", column, scoreKind: ScoreKind.Logits),
        "LogSoftmax" => _mlContext.Transforms.LogSoftmax("Out", column, scoreKind: ScoreKind.Logits),
        _ => _mlContext.Transforms.TopK("Out", column),
    };
}
