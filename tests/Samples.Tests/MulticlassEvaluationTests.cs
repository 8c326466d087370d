using System.Globalization;

namespace MLNet.Softmax.Samples.Tests;

/// <summary>The evaluation sample. Slow: each test starts it, and it trains and evaluates a network.</summary>
public sealed class MulticlassEvaluationTests : IDisposable
{
    private readonly SampleProcess _sample = new("MulticlassEvaluation");

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void NoArguments_DrawsTrainsCalibratesAndReports()
    {
        var result = _sample.Run();

        result.AssertSucceeded();
        double[] accuracy = Row(result.Output, "Accuracy"), loss = Row(result.Output, "Log-loss"),
            error = Row(result.Output, "Calibration error (ECE)");
        Assert.True(accuracy[1] > 0.75, result.Output);
        Assert.Equal(accuracy[0], accuracy[1]);
        Assert.True(loss[1] < loss[0], result.Output);
        Assert.True(error[1] < error[0] / 2, result.Output);
        Assert.Contains($"Report: {Path.Combine(_sample.Folder, "report.html")}", result.Output, StringComparison.Ordinal);
        string report = File.ReadAllText(Path.Combine(_sample.Folder, "report.html"));
        Assert.All(["Five foods", "hot dog", "burger", "pizza", "sushi", "salad", "What changed"],
            words => Assert.Contains(words, report, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Fact]
    public void Pictures_SameSeed_SameAnswers()
    {
        string Output(string seed) => _sample.Run("--pictures", "60", "--seed", seed).Output;

        Assert.Equal(Output("5"), Output("5"));
        Assert.NotEqual(Output("5"), Output("6"));
    }

    [Theory]
    [InlineData("--pictures is 3", "--pictures", "3")]
    [InlineData("--report names a folder", "--report", ".")]
    [InlineData("its folder does not exist", "--report", "no/such/report.html")]
    public void WrongArguments_EndInOneLine(string expected, params string[] arguments)
    {
        _sample.Run(arguments).AssertRefused("multiclass-evaluation: ", expected);
        Assert.Empty(Directory.GetFiles(_sample.Folder));
    }

    /// <summary>The numbers of a row of the printed table.</summary>
    private static double[] Row(string output, string name) =>
    [
        .. output.Split('\n').Single(line => line.StartsWith($"│ {name} ", StringComparison.Ordinal)).Split('│')[2..4]
            .Select(cell => double.TryParse(cell, CultureInfo.InvariantCulture, out double number) ? number : double.NaN),
    ];
}
