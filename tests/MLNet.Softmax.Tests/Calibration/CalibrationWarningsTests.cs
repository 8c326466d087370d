using Microsoft.ML.Runtime;

namespace MLNet.Softmax.Tests.Calibration;

/// <summary>What the log says of a fit, word for word.</summary>
public sealed class CalibrationWarningsTests
{
    private static readonly TemperatureFit Temperature = new(1.5, 0.75, 0.5, 90, RowsLeftOut.None, 7, FitOutcome.Converged, 0.25);

    private static readonly ScalingFit Scaling = new(
        [1, 2], [3, 4], 1.5, 0.75, 0.5, 90, RowsLeftOut.None, 7, FitOutcome.Converged, new CrossValidatedLoss(5, 0.5, 0.625));

    private const string SharesEnd = " rests on one row: its share in the sum of squared gradients is 75 %. Look for the row whose true "
        + "class has the lowest score compared with the row's largest, correct or remove it, and fit again.";

    public static TheoryData<FitOutcome, string?> Outcomes => new()
    {
        { FitOutcome.Converged, null },
        { FitOutcome.Fixed, null },
        {
            FitOutcome.AtLowestTemperature, "it is the lowest one allowed, and the loss would fall further below it. Allow a lower "
                + "MinimumTemperature, unless scores shall never be sharpened beyond it."
        },
        {
            FitOutcome.AtHighestTemperature, "it is the highest one allowed, because the scores tell nothing about the labels, or the "
                + "wrong thing. Check that the score and the label column belong together and number the classes alike."
        },
        {
            FitOutcome.Separable, "its scores put every label on top and nothing holds its weights back, so that there is no best fit. "
                + "Set a regularization above 0, or hold out more rows."
        },
        { FitOutcome.IterationsExhausted, "the iterations ran out. Allow more MaximumIterations." },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void AFitThatDidNotConverge_IsToldOfWithTheReason(FitOutcome outcome, string? reason)
    {
        var temperature = Temperature with { Outcome = outcome };
        var scaling = Scaling with { Outcome = outcome };
        Assert.Equal(
            reason is null ? [] : [$"The temperature 1.5 is not the best one: {reason}"],
            Warnings(channel => Assert.Same(temperature, CalibrationWarnings.Check(channel, temperature))));
        if (outcome == FitOutcome.Fixed)
            return;
        Assert.Equal(
            reason is null ? [] : [$"Vector scaling did not converge in 7 passes over 90 rows: {reason}"],
            Warnings(channel => Assert.Same(scaling, CalibrationWarnings.Check(channel, scaling, "Vector scaling"))));
    }

    [Theory]
    [InlineData(double.NaN, false)]
    [InlineData(0.0, false)]
    [InlineData(0.5, false)]
    [InlineData(0.5000001, true)]
    [InlineData(1.0, true)]
    public void ARowOfMoreThanHalfTheInfluence_IsToldOf(double share, bool isTold)
    {
        var temperature = Temperature with { LargestRowShare = share };
        var scaling = Scaling with { LargestRowShare = share };
        var warnings = Warnings(channel =>
        {
            CalibrationWarnings.Check(channel, temperature);
            CalibrationWarnings.Check(channel, scaling, "Matrix scaling");
        });
        Assert.Equal(isTold ? 2 : 0, warnings.Length);
    }

    [Fact]
    public void TheRowsShare_IsAPercentage()
    {
        var warnings = Warnings(channel =>
        {
            CalibrationWarnings.Check(channel, Temperature with { LargestRowShare = 0.75 });
            CalibrationWarnings.Check(channel, Scaling with { LargestRowShare = 0.75 }, "Matrix scaling");
        });
        Assert.Equal(["The temperature" + SharesEnd, "Matrix scaling" + SharesEnd], warnings);
    }

    [Theory]
    [InlineData(0.75, true)]
    [InlineData(0.625, false)]
    [InlineData(0.5, false)]
    public void AScalingThatLosesToATemperature_IsToldOfWithBothLosses(double loss, bool isTold)
    {
        var fit = Scaling with { CrossValidation = new CrossValidatedLoss(5, loss, 0.625) };
        string[] expected = isTold
            ? ["Dirichlet calibration does worse than a temperature alone on rows that it has not seen: its loss is 0.75, that of a "
                + "temperature 0.625 (5-fold cross-validation over 90 rows). Hold out more rows, regularize more strongly, or use "
                + "Calibrators.Temperature."]
            : [];
        Assert.Equal(expected, Warnings(channel => CalibrationWarnings.Check(channel, fit, "Dirichlet calibration")));
        Assert.Empty(Warnings(channel => CalibrationWarnings.Check(channel, fit with { CrossValidation = null }, "Dirichlet calibration")));
    }

    [Fact]
    public void RowsThatAreLeftOut_AreToldOfWithTheColumns()
    {
        var (columns, leftOut) = (new HeldOutColumns("{Truth}", "Raw{0}", null), new RowsLeftOut(1, 2, 3, 4, 5, 6));
        const string All = "Of the rows with columns '{Truth}' and 'Raw{0}', 90 are used and 21 are not: 1 without a label, 2 with a label "
            + "that is none of the classes, 3 with NaN or otherwise unusable scores, 4 with a negative, NaN or infinite weight, 5 with "
            + "weight 0, 6 whose true class is ruled out by a logit of -infinity or a mask such as -1e9.";
        Assert.Equal([All], Warnings(channel => HeldOutRows.Report(channel, 90, leftOut, columns)));
        Assert.Equal(
            [All + " In the first ruled out, row 7 is odd."],
            Warnings(channel => HeldOutRows.Report(channel, 90, leftOut, columns, "row 7 is odd")));
        Assert.Empty(Warnings(channel => HeldOutRows.Report(channel, 90, RowsLeftOut.None, columns, "row 7 is odd")));
        Assert.Single(Warnings(channel => HeldOutRows.Report(channel, 90, new(1, 0, 0, 0, 0), columns)));
    }

    private static string[] Warnings(Action<IChannel> report)
    {
        var mlContext = new MLContext(1);
        var warnings = new List<string>();
        mlContext.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
                warnings.Add(message.RawMessage);
        };
        using (var channel = ((IChannelProvider)mlContext).Start("Fit"))
            report(channel);
        return [.. warnings];
    }
}
