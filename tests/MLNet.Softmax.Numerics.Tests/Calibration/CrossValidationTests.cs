namespace MLNet.Softmax.Numerics.Tests.Calibration;

/// <summary>A scaling against a temperature, on rows that neither was fitted on.</summary>
public sealed class CrossValidationTests
{
    [Fact]
    public void CrossValidation_ManyClassesAndFewRowsUnregularised_LosesToTemperature()
    {
        var options = new ScalingOptions
        {
            OffDiagonalRegularization = 1e-6,
            InterceptRegularization = 1e-6,
            DiagonalRegularization = 1e-6,
        };
        var fit = MatrixScaling.Fit(MadeUpRows.Draw(80, 8, 1).Collect(), options);
        Assert.Equal(5, fit.CrossValidation!.Folds);
        Assert.True(fit.CrossValidation.LosesToTemperature);
        Assert.True(fit.CrossValidation.Calibrator > fit.CrossValidation.Temperature + 0.1);
    }

    [Fact]
    public void CrossValidation_BiasThatATemperatureCannotMend_IsWon()
    {
        var rows = MadeUpRows.Draw(1000, 4, 1);
        var biased = rows with { Logits = [.. rows.Logits.Select((z, i) => i % 4 == 0 ? z + 2 : z)] };
        var fit = VectorScaling.Fit(biased.Collect());
        Assert.False(fit.CrossValidation!.LosesToTemperature);
        Assert.True(fit.LossAfter < biased.Loss(fit.Temperature) - 0.05);
        Assert.Equal(-2, fit.Intercepts[0] - fit.Intercepts[1], 0.5);
    }

    /// <summary>From 200 rows for each parameter on, there is no cross-validation.</summary>
    [Theory]
    [InlineData(799, 5, true)]
    [InlineData(800, 5, false)]
    [InlineData(200, 2, true)]
    [InlineData(200, 0, false)]
    public void CrossValidation_OfPlentyOfRowsOrNoFolds_IsSkipped(int rowCount, int folds, bool expected)
    {
        var rows = MadeUpRows.Draw(rowCount, 2, 1);
        var fit = VectorScaling.Fit(rows.Collect(), new() { CrossValidationFolds = folds });

        Assert.Equal(expected ? folds : null, fit.CrossValidation?.Folds);
        Assert.Equal((rowCount, 2, 2), (fit.RowsUsed, fit.Weights.Length, fit.Intercepts.Length));
        Assert.Equal(rows.Loss(1), fit.LossBefore, 1e-6);
        Assert.Equal(FitOutcome.Converged, fit.Outcome);
    }

    /// <summary>With equal losses the calibrator does not lose; without a loss (NaN) it does.</summary>
    [Theory]
    [InlineData(0.5, 0.6, false)]
    [InlineData(0.5, 0.5, false)]
    [InlineData(0.6, 0.5, true)]
    [InlineData(double.NaN, 0.5, true)]
    public void LosesToTemperature_ComparesTheLosses(double calibrator, double temperature, bool expected) =>
        Assert.Equal(expected, new CrossValidatedLoss(5, calibrator, temperature).LosesToTemperature);
}
