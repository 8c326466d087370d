using System.Collections;
using System.Xml.Linq;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.Charts;
using MLNet.Softmax.Evaluation.Report;

namespace MLNet.Softmax.Tests.Evaluation.Report;

/// <summary>What a notebook shows of a value. Goes the way .NET Interactive goes: everything is found by name.</summary>
public class NotebookFormatterTests
{
    [Fact]
    public void Metrics_AreAReport()
    {
        string html = Show(ReportSample.Evaluate(3));
        Assert.StartsWith("<div class=\"softmax-report\">", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<html", html, StringComparison.Ordinal);
        Assert.Contains("Class by class", Headings(html));
    }

    [Fact]
    public void Comparison_IsATable()
    {
        var metrics = ReportSample.Evaluate(3);
        string html = Show(ProbabilityMetrics.Compare(metrics, metrics, new BootstrapOptions { Resamples = 20 }));
        Assert.StartsWith("<div class=\"softmax-report\" style=\"padding: 0\">", html, StringComparison.Ordinal);
        Assert.Equal(["What changed"], Headings(html));
    }

    [Fact]
    public void Classes_AreOneTable_AndAClassOneRowOfIt()
    {
        var metrics = ReportSample.Evaluate(3);
        Assert.Equal(1 + 3, Rows(Show(metrics.Classes)).Length);
        Assert.Equal("class 1", Rows(Show(metrics.Classes[1]))[1][0]);
    }

    [Fact]
    public void PartsOfAReport()
    {
        var metrics = ReportSample.Evaluate(2, 40);
        var interval = new ConfidenceInterval(0.25, 0.75, 0.95);
        object[] parts =
        [
            ProbabilityMetrics.Compare(metrics, metrics, new BootstrapOptions { Resamples = 20 }), metrics.Classes, metrics.Classes[1],
            new PredictionSetMetrics(
                0.5, interval, 1.25, 4, new(1, 0, 0, 0, 0),
                [new("cat", 3, 0.625, interval, 1.5), new("dog", 1, double.NaN, new(double.NaN, double.NaN, 0.95), double.NaN)]),
        ];
        ApprovedText.Check(
            "MLNet.Softmax.Tests/Evaluation/Approved/notebook-parts",
            string.Join('\n', parts.Select(part => $"== {part.GetType().Name} ==\n{MarkupText.Of(XElement.Parse(Show(part)))}")));
    }

    [Fact]
    public void Confusion_IsATableOfCounts()
    {
        var table = ReportSample.Evaluate(3).Confusion!;
        string[][] rows = Rows(Show(table));
        Assert.Equal(["actual \\ predicted", "0", "1", "2"], rows[0]);
        Assert.Equal([1, 0, 1, 2], rows[2].Select((cell, i) => i == 0 ? 1 : table[1, i - 1] == double.Parse(cell, null) ? i - 1 : -1));
        Assert.Contains("The first 30 of 40 classes", Show(ReportSample.Evaluate(40).Confusion!), StringComparison.Ordinal);
    }

    [Fact]
    public void CalibratorsAndTheirFits_AreTables()
    {
        var mlContext = new MLContext(1);
        var data = Calibration.CalibrationViews.Drawn(500, 1);
        var calibrators = mlContext.MulticlassClassification.Calibrators;
        var probabilities = mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits).Fit(data).Transform(data);
        var temperature = calibrators.Temperature().Fit(data);
        Assert.Equal(
            ["Temperature", "Log-loss before", "Log-loss after", "Rows used", "Rows left out", "Outcome"],
            Rows(Show(temperature)).Select(row => row[0]));
        Assert.Equal(Show(temperature), Show(temperature.Calibration));
        Assert.Equal("500", Rows(Show(calibrators.VectorScaling().Fit(data)))[3][1]);
        Assert.Equal("500", Rows(Show(calibrators.Isotonic().Fit(data)))[2][1]);
        Assert.Equal("0.9", Rows(Show(calibrators.PredictionSet().Fit(probabilities)))[0][1]);
        var decide = calibrators.Threshold(ThresholdGoal.FBeta(), "b").Fit(probabilities);
        Assert.Equal(decide.Calibration!.Goal.ToString(), Rows(Show(decide))[0][1]);
    }

    [Fact]
    public void Fits_ShowTheirFigures()
    {
        var leftOut = new RowsLeftOut(1, 0, 2, 0, 0);
        string[][] losses =
        [
            ["Log-loss before", "1.5"], ["Log-loss after", "1.25"], ["Rows used", "100"],
            ["Rows left out", "1 without a label, 2 with NaN or otherwise unusable scores"],
        ];
        Assert.Equal(
            [["Temperature", "1.2346"], .. losses, ["Outcome", "Converged"]],
            Rows(Show(new TemperatureFit(1.23456, 1.5, 1.25, 100, leftOut, 7, FitOutcome.Converged))));
        Assert.Equal(
            [
                ["Temperature that fits best", "1.75"], .. losses, ["Cross-validated log-loss", "1.375"],
                ["That of a temperature alone", "1.4375"], ["Outcome", "Fixed"],
            ],
            Rows(Show(new ScalingFit([], [], 1.75, 1.5, 1.25, 100, leftOut, 7, FitOutcome.Fixed, new(5, 1.375, 1.4375)))));
        Assert.Equal(losses, Rows(Show(new IsotonicFit([], 1.5, 1.25, 100, leftOut))));
        Assert.Equal(
            [["Coverage wanted", "0.9"], ["Method", "Aps"], ["Largest nonconformity score taken in", "0.95"], .. losses[2..]],
            Rows(Show(new PredictionSetFit(PredictionSetMethod.Aps, 0.9, 0.95, false, true, 0, 0, 5, 100, leftOut))));
        FigureWithInterval before = new(0.5, new(0.4, 0.6, 0.95)), after = new(0.75, new(0.7, 0.8, 0.95));
        Assert.Equal(
            [["Goal", "highest F2"], ["Threshold", "0.15"], ["F2 without it", "0.5"], ["F2 with it", "0.75"], .. losses[2..]],
            Rows(Show(new ThresholdFit(ThresholdGoal.FBeta(2), 1, 0.15f, before, after, null, 100, leftOut, []))));
        Assert.Equal(
            "<table><tbody><tr><th style=\"text-align: left\">actual \\ predicted</th><td>0</td><td>1</td></tr>"
            + "<tr><th style=\"text-align: left\">0</th><td>3</td><td>1</td></tr>"
            + "<tr><th style=\"text-align: left\">1</th><td>0</td><td>2</td></tr></tbody></table>",
            Show(ConfusionTable.Compute(new ProbabilityBlock(
                [1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1], 2, [0, 0, 0, 0, 1, 1]))));
    }

    [Fact]
    public void Chart_IsADrawing()
    {
        var chart = new TopKCurve([0.5, 0.75]);
        Assert.Equal(chart.ToSvg(), Show(chart));
        Assert.Equal(chart.ToSvg(), Show(chart, "image/svg+xml"));
    }

    [Fact]
    public void WhatIsNoDrawing_IsNotShownAsOne()
    {
        using var writer = new StringWriter();
        Assert.False(new NotebookFormatter(NotebookFormatter.Svg).Format(ReportSample.Evaluate(2), writer));
        Assert.Equal("", writer.ToString());
    }

    [Fact]
    public void TextInAValue_IsEscaped() =>
        Assert.Contains("&lt;b&gt;", Show(ReportSample.Evaluate(2, className: index => $"<b>{index}").Classes), StringComparison.Ordinal);

    private static string Show(object value, string mimeType = "text/html")
    {
        var attribute = value.GetType().GetCustomAttributes(inherit: true)
            .Single(one => one.GetType().Name == "TypeFormatterSourceAttribute");
        Assert.Contains(mimeType, (string[])attribute.GetType().GetProperty("PreferredMimeTypes")!.GetValue(attribute)!);
        var sourceType = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
        var formatters = (IEnumerable)sourceType.GetMethod("CreateTypeFormatters")!.Invoke(Activator.CreateInstance(sourceType), null)!;
        var formatter = formatters.Cast<object>().Single(one => (string)one.GetType().GetProperty("MimeType")!.GetValue(one)! == mimeType);

        using var writer = new StringWriter();
        var format = formatter.GetType().GetMethod("Format", [typeof(object), typeof(TextWriter)])!;
        Assert.Equal(false, format.Invoke(formatter, ["a text", writer]));
        Assert.Equal(true, format.Invoke(formatter, [value, writer]));
        return writer.ToString();
    }

    private static string[] Headings(string html) => [.. XElement.Parse(html).Descendants("h2").Select(heading => heading.Value)];

    private static string[][] Rows(string html) =>
        [.. XElement.Parse(html).Descendants("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray())];
}
