namespace MLNet.Softmax.Calibration;

/// <summary>Records of fits in model files.</summary>
internal static class FitRecords
{
    public static void Write(this ModelWriter writer, RowsLeftOut rows)
    {
        foreach (var count in (long[])[
            rows.MissingLabel, rows.UnknownLabel, rows.NotFinite, rows.InvalidWeight, rows.ZeroWeight, rows.RuledOutLabel])
        {
            writer.Write(count);
        }
    }

    public static RowsLeftOut ReadRowsLeftOut(this ModelReader reader) =>
        new(
            reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(),
            reader.ReadInt64());

    public static void Write(this ModelWriter writer, ThresholdFit? fit)
    {
        writer.Write(fit is not null);
        if (fit is null) return;
        writer.Write(fit.Goal.Kind);
        writer.Write(fit.PositiveClass ?? -1);
        writer.Write(fit.Threshold);
        double[] figures =
        [
            fit.Goal.Wanted, fit.Goal.Other, fit.RiskBound ?? double.NaN, fit.Before.Value, fit.Before.Interval.Lower,
            fit.Before.Interval.Upper, fit.After.Value, fit.After.Interval.Lower, fit.After.Interval.Upper, fit.After.Interval.Level,
        ];
        foreach (var figure in figures) writer.Write(figure);
        writer.Write(fit.RowsUsed);
        writer.Write(fit.RowsLeftOut);
    }

    /// <summary>Reads a fit, whose curve is not saved.</summary>
    public static ThresholdFit? ReadThresholdFit(this ModelReader reader)
    {
        if (!reader.ReadBoolean()) return null;
        var (kind, positive, threshold) = (reader.ReadEnum<ThresholdGoalKind>(), reader.ReadInt32(), reader.ReadSingle());
        var figures = new double[10];
        for (var i = 0; i < figures.Length; i++) figures[i] = reader.ReadDouble();
        reader.Check(positive >= -1 && threshold is >= 0 and <= 1, "a threshold that is not from 0 to 1, or of no class");
        FigureWithInterval Figure(int at) => new(figures[at], new(figures[at + 1], figures[at + 2], figures[9]));
        return new(
            ThresholdGoal.Of(kind, figures[0], figures[1]) ?? throw reader.Damaged("a goal that cannot be"),
            positive < 0 ? null : positive, threshold, Figure(3), Figure(6), double.IsNaN(figures[2]) ? null : figures[2],
            reader.ReadInt64(), reader.ReadRowsLeftOut(), []);
    }

    public static void Write(this ModelWriter writer, ScalingFit fit)
    {
        writer.Write(fit.Weights.AsSpan());
        writer.Write(fit.Intercepts.AsSpan());
        writer.Write(fit.Temperature);
        writer.Write(fit.LossBefore);
        writer.Write(fit.LossAfter);
        writer.Write(fit.RowsUsed);
        writer.Write(fit.RowsLeftOut);
        writer.Write(fit.Iterations);
        writer.Write(fit.Outcome);
        writer.Write(fit.MaskDistance);
        writer.Write(fit.LargestRowShare);
        writer.Write(fit.CrossValidation is not null);
        if (fit.CrossValidation is not { } cross) return;
        writer.Write(cross.Folds);
        writer.Write(cross.Calibrator);
        writer.Write(cross.Temperature);
    }

    /// <summary>Reads a fit with as many weights as <paramref name="perClass"/> gives for its number of intercepts.</summary>
    public static ScalingFit ReadScalingFit(this ModelReader reader, Func<long, long> perClass)
    {
        var (weights, intercepts) = (reader.ReadDoubles(), reader.ReadDoubles());
        reader.Check(
            intercepts.Length > 1 && weights.Length == perClass(intercepts.Length),
            $"{weights.Length} weights and {intercepts.Length} intercepts");
        reader.Check(weights.All(double.IsFinite) && intercepts.All(double.IsFinite), "weights that are not finite");
        var fit = new ScalingFit(
            [.. weights], [.. intercepts], reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt64(),
            reader.ReadRowsLeftOut(), reader.ReadInt32(), reader.ReadEnum<FitOutcome>(), CrossValidation: null,
            reader.ReadSingle(), reader.ReadDouble());
        reader.Check(fit.MaskDistance > 0, string.Create(CultureInfo.InvariantCulture, $"the distance {fit.MaskDistance} of masks"));
        return reader.ReadBoolean()
            ? fit with { CrossValidation = new CrossValidatedLoss(reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble()) }
            : fit;
    }
}
