namespace MLNet.Softmax.Numerics.Tests;

/// <summary>What holds for every row, on every path.</summary>
public class SoftmaxContractTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void Softmax_AnyRow_AgreesWithTheDefinitionAndIsTheSameInPlace() => Prop.ForAll(AnyRow.Any, row =>
    {
        var expected = Naive.Softmax(row.Scores, row.Temperature);
        foreach (var kernels in Paths.All)
        {
            var apart = new float[row.Scores.Length];
            Softmax.Compute(kernels, row.Scores, apart, row.Temperature);
            Compare.Relative(expected, apart);
            var inPlace = row.Scores.ToArray();
            Softmax.Compute(kernels, inPlace, inPlace, row.Temperature);
            Assert.Equal(apart, inPlace);
        }
    }).Check(Config);

    [Fact]
    public void Softmax_FiniteRow_SumsToOne() => Prop.ForAll(AnyRow.Finite, row =>
    {
        foreach (var kernels in Paths.All)
        {
            var actual = new float[row.Scores.Length];
            Softmax.Compute(kernels, row.Scores, actual, row.Temperature);
            Assert.InRange(actual.Sum(value => (double)value), row.Scores.Length == 0 ? 0 : 1 - 1e-6, 1 + 1e-6);
        }
    }).Check(Config);

    [Fact]
    public void LogSoftmaxAndLogSumExp_AnyRow_AgreeWithTheDefinition() => Prop.ForAll(AnyRow.Any, row =>
    {
        var (expected, logSumExp) = (Naive.LogSoftmax(row.Scores, row.Temperature), Naive.LogSumExp(row.Scores, row.Temperature));
        foreach (var kernels in Paths.All)
        {
            var actual = new float[row.Scores.Length];
            LogSoftmax.Compute(kernels, row.Scores, actual, row.Temperature);
            Compare.RelativeOrAbsolute(expected, actual);
            Compare.RelativeOrAbsolute([logSumExp], [LogSumExp.Compute(kernels, row.Scores, row.Temperature)]);
        }
    }).Check(Config);

    [Fact]
    public void ToLogits_AndSoftmax_GiveTheProbabilitiesBack() => Prop.ForAll(AnyRow.Finite, row =>
    {
        var probabilities = new float[row.Scores.Length];
        Softmax.Compute(row.Scores, probabilities, row.Temperature);
        var back = new float[row.Scores.Length];
        Probabilities.ToLogits(probabilities, back);
        Softmax.Compute(back, back);
        for (var i = 0; i < back.Length; i++)
            Assert.InRange(Math.Abs(back[i] - probabilities[i]), 0, (1e-5 * probabilities[i]) + 2e-38);
    }).Check(Config);

    [Fact]
    public void Numerics_References_NoMLNet() => Assert.DoesNotContain(
        typeof(Softmax).Assembly.GetReferencedAssemblies(), name => name.Name!.StartsWith("Microsoft.ML", StringComparison.Ordinal));
}
