namespace MLNet.Softmax.Calibration;

/// <summary>Records of fits in model files.</summary>
internal static class FitRecords
{
    /// <summary>The format of every calibrator that first tells of masks and of rows that carry a fit.</summary>
    public const uint VersionWithMasks = 2;

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
            reader.Version >= VersionWithMasks ? reader.ReadInt64() : 0);

    /// <summary>The share of a single row in a fit; NaN in files that do not tell.</summary>
    public static double ReadLargestRowShare(this ModelReader reader) =>
        reader.Version >= VersionWithMasks ? reader.ReadDouble() : double.NaN;

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
            reader.Version >= VersionWithMasks ? reader.ReadSingle() : float.MaxValue, reader.ReadLargestRowShare());
        reader.Check(fit.MaskDistance > 0, string.Create(CultureInfo.InvariantCulture, $"the distance {fit.MaskDistance} of masks"));
        return reader.ReadBoolean()
            ? fit with { CrossValidation = new CrossValidatedLoss(reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble()) }
            : fit;
    }
}
