namespace MLNet.Softmax.Tests;

public class BadSchemaTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string> Steps() => ["Softmax", "LogSoftmax", "TopK"];

    [Theory]
    [MemberData(nameof(Steps))]
    public void AMissingColumn_IsNamedWithThoseThatThereAre(string step)
    {
        var error = Refused(step, "Absent", Data());

        Assert.Contains("Column 'Absent' is missing. The data has: 'Score', 'Number', 'Doubles', 'Variable', 'Matrix'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void AScalar_IsNamedWithItsTypeAndTheExpected(string step)
    {
        var error = Refused(step, "Number", Data());

        Assert.Contains("Column 'Number' is Single, but Vector<Single> is expected", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void AVectorOfAnotherType_IsNamedWithItsTypeAndTheExpected(string step)
    {
        var error = Refused(step, "Doubles", Data());

        Assert.Contains("Column 'Doubles' is Vector<Double", error.Message, StringComparison.Ordinal);
        Assert.Contains("but Vector<Single> is expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TopK_OfAVectorOfUnknownSize_IsRefusedWithAWayOut()
    {
        var error = Refused("TopK", "Variable", Data());

        Assert.Contains("Column 'Variable' is Vector<Single>, a vector of unknown size", error.Message, StringComparison.Ordinal);
        Assert.Contains("VectorType", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TopK_OfSeveralRowsOfScores_IsRefused()
    {
        var data = Data();
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Step("TopK", "Matrix").Fit(data));

        Assert.Contains("Column 'Matrix' is Vector<Single, 2, 3>, which holds 2 rows of 3 scores", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void ATemperatureThatIsNotFiniteAndPositive_IsRefused(float temperature)
    {
        foreach (var make in new Action[] { () => _mlContext.Transforms.Softmax("P", "Score", temperature), () => _mlContext.Transforms.LogSoftmax("P", "Score", temperature) })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(make);
            Assert.Equal(("temperature", temperature), (error.ParamName, (float)error.ActualValue!));
            Assert.Contains("finite and greater than 0", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AnUnknownScoreKind_IsRefused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Transforms.Softmax("P", "Score", scoreKind: (ScoreKind)17));

        Assert.Contains("Auto, Logits or Probabilities", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyColumnName_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => _mlContext.Transforms.Softmax(""));
        Assert.Throws<ArgumentException>(() => _mlContext.Transforms.LogSoftmax("P", ""));
        Assert.Throws<ArgumentException>(() => _mlContext.Transforms.TopK(""));
        Assert.Throws<ArgumentNullException>(() => _mlContext.Transforms.Softmax(null!));
    }

    [Fact]
    public void NullArguments_AreRefused()
    {
        var estimator = _mlContext.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Logits);
        var transformer = estimator.Fit(Data());

        Assert.Throws<ArgumentNullException>(() => estimator.Fit(null!));
        Assert.Throws<ArgumentNullException>(() => estimator.GetOutputSchema(null!));
        Assert.Throws<ArgumentNullException>(() => transformer.Transform(null!));
        Assert.Throws<ArgumentNullException>(() => transformer.GetOutputSchema(null!));
        Assert.Throws<ArgumentNullException>(() => ((TransformsCatalog)null!).Softmax("P"));
    }

    /// <summary>The same error from Fit, from a chain (which asks the schema shape first) and from the transformer.</summary>
    private ArgumentOutOfRangeException Refused(string step, string column, IDataView data)
    {
        var good = Step(step, "Score").Fit(data);
        var renamed = _mlContext.Transforms.CopyColumns("Id", "Score").Fit(data);
        Assert.NotNull(good.Transform(renamed.Transform(data)));

        var fromFit = Assert.Throws<ArgumentOutOfRangeException>(() => Step(step, column).Fit(data));
        var fromChain = Assert.Throws<ArgumentOutOfRangeException>(() => Step(step, column).Append(_mlContext.Transforms.CopyColumns("Id", "Score")).Fit(data));
        Assert.Equal(fromFit.Message.Split(',', '>')[0], fromChain.Message.Split(',', '>')[0]);
        return fromFit;
    }

    private IEstimator<ITransformer> Step(string step, string column) => step switch
    {
        "Softmax" => _mlContext.Transforms.Softmax("Out", column, scoreKind: ScoreKind.Logits),
        "LogSoftmax" => _mlContext.Transforms.LogSoftmax("Out", column, scoreKind: ScoreKind.Logits),
        _ => _mlContext.Transforms.TopK("Out", column),
    };

    private static MemoryView Data() => new MemoryView()
        .WithScores("Score", [3], [[1, 2, 3]])
        .With("Number", NumberDataViewType.Single, [1f])
        .With("Doubles", new VectorDataViewType(NumberDataViewType.Double, 3), [new VBuffer<double>(3, [1.0, 2, 3])])
        .WithScores("Variable", [0], [[1, 2]])
        .WithScores("Matrix", [2, 3], [[1, 2, 3, 4, 5, 6]]);
}
