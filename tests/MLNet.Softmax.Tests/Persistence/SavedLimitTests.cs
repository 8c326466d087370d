using System.Collections.Immutable;
using MLNet.Softmax.Numerics.Notebooks;

namespace MLNet.Softmax.Tests;

/// <summary>Transformers whose values are the first or the last that are allowed come back from a file as they were.</summary>
public class SavedLimitTests
{
    private static readonly CalibratedColumns Columns = new("Probability", "Score", ScoreKind.Probabilities);
    private static readonly RowsLeftOut LeftOut = new(1, 2, 3, 4, 5, 6);
    private static readonly MemoryView Two = new MemoryView().WithScores("Score", [2], [[0.75f, 0.25f], [0, 1]]);

    [Fact]
    public void Load_TransformersAtTheirLimits_GivesThemBack()
    {
        foreach (var transformer in AtTheirLimits())
        {
            var loaded = Scores.Load(Scores.Save(transformer, null));
            Assert.Equal(ViewText.Of(transformer.Transform(Two)), ViewText.Of(loaded.Transform(Two)));
            if (transformer is not IFitted { Fit: { } fit })
                continue;
            if (fit is PredictionSetFit { ClassThresholds.IsDefault: true })
                Assert.Equal(fit, ((IFitted)loaded).Fit);
            else
                Assert.Equivalent(fit, ((IFitted)loaded).Fit, strict: true);
        }
    }

    [Fact]
    public void Load_CountsThatTheFileCannotHold_NamesTheSizeOfTheItems()
    {
        Refuses("Softmax.Decide", "DECISION", own => own.IndexOf((byte[])[1, 0, 0, 0, 1, (byte)'1']), "items of 9 bytes or more");
        Refuses("Softmax.Isotonic", "ISOTCALI", own => own.IndexOf((byte[])[3, 0, 0, 0, 3, 0, 0, 0]), "items of 16 bytes or more");
        Refuses("Softmax.TopK", "TOPKCLSS", own => own.IndexOf((byte[])[2, 0, 0, 0]) + 4, "items of 1 bytes or more");
    }

    [Fact]
    public void Load_ACurveThatIsNone_NamesTheCurve()
    {
        var saved = Scores.Save(SavedModelSamples.Of("Softmax.Isotonic").Transformer, null);
        foreach (var curve in (int[])[0, 2])
        {
            var file = ModelFile.Edit(saved, "ISOTCALI", bytes =>
            {
                // The lowest output of a curve is 0.1, 0.2 or 0.3; above the next one, 0.5, the curve would fall.
                var own = ModelFile.OwnData(bytes);
                BitConverter.TryWriteBytes(own[own.LastIndexOf(BitConverter.GetBytes(curve == 0 ? 0.1f : 0.3f))..], 0.75f);
                return bytes;
            });
            if (curve == 2)
                ModelFile.AssertFormatError(file, "found curve 2 with knots that make none (");
            else
                Assert.Contains(" with knots that make none (", Record.Exception(() => Scores.Load(file))!.GetBaseException().Message,
                    StringComparison.Ordinal);
        }
    }

    private static void Refuses(string loader, string signature, Func<Span<byte>, int> countAt, string size)
    {
        var file = ModelFile.Edit(Scores.Save(SavedModelSamples.Of(loader).Transformer, null), signature, bytes =>
        {
            var own = ModelFile.OwnData(bytes);
            BitConverter.TryWriteBytes(own[countAt(own)..], 1_000_000);
            return bytes;
        });
        ModelFile.AssertFormatError(file, $"found a count of 1000000 {size}, with ");
    }

    private static IEnumerable<RowToRowTransformer> AtTheirLimits()
    {
        yield return new SoftmaxTransformer("P", "Score", 1e-30f, ScoreKind.Probabilities);
        yield return new SoftmaxTransformer("P", "Score", float.MaxValue, ScoreKind.Logits);
        yield return new TopKTransformer("Top", "Score", 1, null);
        yield return new TopKTransformer("Top", "Score", int.MaxValue, ["a", ""]);
        yield return Decide(0, [], null);
        yield return Decide(1, [], null);
        yield return Decide(0, [new("0", 0, 0), new("1", 1, 1)], null);
        yield return Decide(0, [], new float[,] { { 0, 1 }, { 1, 0 } });
        yield return Decide(0.5f, [], new float[,] { { 0, 1 }, { -1, 0 }, { 2, 2 } });
        foreach (var threshold in (float[])[0, 1])
        {
            var (before, after) = (new ConfidenceInterval(0.25, 0.5, 0.95), new ConfidenceInterval(0.5, 0.75, 0.95));
            yield return Decide(0, [new("0", 0, threshold)], null, new(
                ThresholdGoal.SelectiveRisk(0.25, 0.125), null, threshold, new(0.3125, before), new(0.625, after), 0.375, 7, LeftOut, []));
            yield return Decide(0, [new("0", 0, threshold)], null, new(
                ThresholdGoal.FBeta(2), 0, threshold, new(0.3125, before), new(0.625, after), null, 7, LeftOut, []));
        }

        foreach (var temperature in (double[])[1e-30, 0.25, 1e30])
        {
            yield return new TemperatureCalibratorTransformer(
                Columns, new(temperature, 1.5, 1.25, 7, LeftOut, 3, FitOutcome.AtLowestTemperature, 0.375));
        }

        var scaling = new ScalingFit(
            [1, 0.5], [0.25, 0.125], 1.75, 1.5, 1.25, 7, LeftOut, 3, FitOutcome.Separable, new(5, 0.75, 0.625), float.Epsilon, 0.375);
        yield return new VectorScalingCalibratorTransformer(Columns, scaling);
        yield return new MatrixScalingCalibratorTransformer(
            Columns, scaling with { Weights = [1, 0, 0.5, -1], CrossValidation = null, MaskDistance = float.MaxValue });
        yield return new DirichletCalibratorTransformer(Columns, scaling with { Weights = [1, 0, 0.5, -1] });
        IsotonicCurve curve = new([0.5f], [0.25f]), other = new([0.25f, 0.75f], [0, 1]);
        yield return new IsotonicCalibratorTransformer(Columns, new([curve, other], 1.5, 1.25, 7, LeftOut));
        foreach (var coverage in (double[])[double.Epsilon, 0.999_999])
        {
            yield return Sets(new(PredictionSetMethod.Raps, coverage, 0.5, true, false, 0, 0, 7, 9, LeftOut));
            yield return Sets(new(PredictionSetMethod.Lac, coverage, -0.5, false, true, double.MaxValue, 1, -7, 9, LeftOut));
            yield return Sets(new(PredictionSetMethod.Aps, coverage, 0.5, true, true, 0, 0, 0, 9, LeftOut, [0.25, 0.75]));
        }

        static DecideTransformer Decide(
            float confidence, ImmutableArray<ClassThreshold> thresholds, float[,]? costs, ThresholdFit? fit = null) =>
            new(new("Decided", "Score", true, confidence, thresholds, costs), fit);

        static PredictionSetTransformer Sets(PredictionSetFit fit) => new("Set", "Score", 2, fit);
    }
}
