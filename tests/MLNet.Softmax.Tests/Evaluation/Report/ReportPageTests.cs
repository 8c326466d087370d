using System.Text;
using System.Xml.Linq;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.Charts;

namespace MLNet.Softmax.Tests.Evaluation.Report;

public class ReportPageTests
{
    [Fact]
    public void Report_OfSeveralClasses_HasEveryPart()
    {
        var page = ReportSample.Evaluate(5).Parse();
        Assert.Equal(
            [
                "Can its confidence be believed?", "Worst-calibrated classes", "What it takes for what", "Most frequent confusions",
                "When it may name several classes", "When it may decline to answer", "Class by class", "Most confident mistakes",
                "All figures", "Rows left out",
            ],
            page.Headings());
        Assert.Equal(5, page.Descendants("figure").Count(figure => figure.Elements().First().Name.LocalName == "svg"));
    }

    [Fact]
    public void Report_OfTwoClasses_LeavesOutWhatSaysNothing() => Assert.Empty(
        ReportSample.Evaluate(2).Parse().Headings().Intersect(["When it may name several classes", "Worst-calibrated classes"]));

    [Fact]
    public void Report_FetchesNothing_AndRunsNothing()
    {
        var page = ReportSample.Evaluate(5).Parse();
        Assert.DoesNotContain(page.DescendantsAndSelf(), element => element.Name.LocalName is "script" or "iframe" or "img" or "object");
        string[] addresses = ["src", "href", "action", "data"];
        var fetched = page.Descendants().Attributes().Where(attribute => addresses.Contains(attribute.Name.LocalName));
        Assert.Equal(["data:,"], fetched.Select(attribute => attribute.Value));
        Assert.All(page.Descendants("style"), style => Assert.DoesNotMatch("url\\(|@import", style.Value));
        Assert.DoesNotContain(
            page.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
    }

    [Fact]
    public void Report_ShowsTheHeadlineFiguresWithTheirIntervals()
    {
        var metrics = ReportSample.Evaluate(5);
        var interval = metrics.IntervalOf(HeadlineMetric.LogLoss)!.Value;
        var figures = metrics.Parse().Descendants("dl").Single().Elements("div").ToDictionary(
            figure => figure.Element("dt")!.Value, figure => figure.Elements("dd").Select(line => line.Value).ToArray());
        Assert.Equal(NumberText.Decimal(metrics.LogLoss), figures["Log-loss"][0]);
        Assert.Equal($"95%: {NumberText.Decimal(interval.Lower)} to {NumberText.Decimal(interval.Upper)}", figures["Log-loss"][1]);
        Assert.Equal(NumberText.Percent(metrics.TopKAccuracy[2], 2), figures["Top-3 accuracy"][0]);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(5, true)]
    [InlineData(20, false)]
    public void Report_HeadlineFigures_AreTwoFullRows(int classCount, bool hasRocAuc)
    {
        var metrics = ReportSample.Evaluate(classCount, options: new ProbabilityEvaluationOptions { RocAuc = hasRocAuc });
        Assert.Equal(8, metrics.Parse().Descendants("dt").Select(name => name.Value).Distinct().Count());
    }

    /// <summary>The more classes there are, the more of them count; with too few, another figure takes the place.</summary>
    [Theory]
    [InlineData(2, null)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    [InlineData(10, 3)]
    [InlineData(11, 5)]
    public void Report_HeadlineFigures_HaveTheTopKAccuracyThatSuitsTheClasses(int classCount, int? k)
    {
        var metrics = ReportSample.Evaluate(classCount, rows: 60);
        var last = metrics.Parse().Descendants("dl").Single().Elements("div").Last().Elements().Select(line => line.Value);
        Assert.Equal(
            k is { } rank
                ? [$"Top-{k} accuracy", NumberText.Percent(metrics.TopKAccuracy[rank - 1], 2), $"the truth is among the first {k}"]
                : ["Macro ROC AUC", NumberText.Decimal(metrics.MacroRocAuc!.Value), "0.5 is chance"],
            last);
    }

    [Theory]
    [InlineData(4f, "it is too sure of itself, by ")]
    [InlineData(0.3f, "it is more cautious than it needs to be, by ")]
    public void Report_Verdict_SaysWhichWayTheConfidenceErrs(float sharpness, string verdict) =>
        Assert.Contains(verdict, ReportSample.Evaluate(4, rows: 5000, sharpness: sharpness).Html(), StringComparison.Ordinal);

    [Fact]
    public void Report_ListsEveryClassAndTheConfidentMistakes()
    {
        var metrics = ReportSample.Evaluate(5);
        var page = metrics.Parse();
        var classes = page.Table("Class by class");
        Assert.Equal(1 + 5, classes.Count);
        var third = metrics.Classes[3];
        Assert.Equal(["class 3", NumberText.Count(third.Weight), NumberText.Percent(third.Recall)], classes[4][..3]);
        var mistakes = page.Table("Most confident mistakes");
        Assert.Equal(1 + metrics.ConfidentMistakes.Count, mistakes.Count);
        Assert.Equal(metrics.ConfidentMistakes[0].RowId.ToString(), mistakes[1][0]);
        Assert.Equal(NumberText.Probability(metrics.ConfidentMistakes[0].Confidence), mistakes[1][3]);

        // The id names the row, so it stands on the left like the names of classes.
        var titles = page.Descendants("section").Single(section => section.Element("h2")?.Value == "Most confident mistakes")
            .Descendants("th").Where(cell => (string?)cell.Attribute("scope") == "col");
        Assert.Equal([null, null, null, "number", "number"], titles.Select(title => (string?)title.Attribute("class")));
    }

    [Fact]
    public void Report_WithPictures_ShowsMistakesAndDoubtfulRows_WithWhatWasSaidAndWhatIsTrue()
    {
        var metrics = ReportSample.Evaluate(3, hasRowNames: true);
        var page = metrics.Parse(new() { Image = name => [0xFF, 0xD8, 0xFF, .. Encoding.UTF8.GetBytes(name)] });

        var figures = page.Pictures("Most confident mistakes");
        Assert.Equal(metrics.ConfidentMistakes.Count, figures.Count);
        var (first, figure) = (metrics.ConfidentMistakes[0], figures[0]);
        string content = Convert.ToBase64String([0xFF, 0xD8, 0xFF, .. Encoding.UTF8.GetBytes(first.RowName!)]);
        Assert.Equal("data:image/jpeg;base64," + content, figure.Element("img")!.Attribute("src")!.Value);
        Assert.Equal(
            $"{first.RowName}: class {first.Predicted} is predicted, class {first.Label} is true",
            figure.Element("img")!.Attribute("alt")!.Value);
        Assert.Equal(
            [
                $"said class {first.Predicted} {NumberText.Percent(first.Confidence)}",
                $"✗ is class {first.Label} {NumberText.Percent(first.LabelProbability)}", first.RowName,
            ],
            figure.Element("figcaption")!.Elements().Select(line => line.Value));
        Assert.Equal(
            metrics.DoubtfulRows.Select(row => row.Label == row.Predicted ? "✓ right" : "✗ is"),
            page.Pictures("Most doubtful rows").Select(picture => picture.Descendants("span").Single().Value.Split(" class")[0]));
    }

    [Theory]
    [InlineData("image/png", 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0)]
    [InlineData("image/gif", 0x47, 0x49, 0x46, 0x38, 0x39, 0x61)]
    [InlineData("image/webp", 0x52, 0x49, 0x46, 0x46, 9, 9, 9, 9, 0x57, 0x45, 0x42, 0x50, 0)]
    [InlineData(null, 0x3C, 0x73, 0x76, 0x67)]
    [InlineData(null)]
    public void Report_Picture_HasTheTypeThatItsFirstBytesTell(string? type, params int[] bytes)
    {
        var metrics = ReportSample.Evaluate(3, hasRowNames: true, options: new() { ConfidentMistakes = 2, DoubtfulRows = 1 });
        var page = metrics.Parse(new() { Image = _ => Array.ConvertAll(bytes, one => (byte)one) });
        Assert.Equal(
            Enumerable.Repeat(type, type is null ? 0 : 3),
            page.Descendants("img").Select(img => img.Attribute("src")!.Value.Split(':', ';')[1]));
        const string LeftOut = "Pictures left out: 3. The report holds at most 2 MB of them, and only JPEG, PNG, WebP and GIF.";
        Assert.Equal(type is null, page.ToString().Contains(LeftOut, StringComparison.Ordinal));
    }

    [Fact]
    public void Report_PicturesOfMoreThanTwoMegabytes_AreLeftOutAndCounted()
    {
        var metrics = ReportSample.Evaluate(3, hasRowNames: true, options: new() { ConfidentMistakes = 4, DoubtfulRows = 0 });
        int[] sizes = [1_000_000, 1_000_001, 1_000_000, 3];
        int call = 0;
        var page = metrics.Parse(new() { Image = _ => [0xFF, 0xD8, 0xFF, .. new byte[sizes[call++] - 3]] });
        var figures = page.Pictures("Most confident mistakes");
        Assert.Contains("Pictures left out: 2. ", page.ToString(), StringComparison.Ordinal);
        Assert.Equal([true, false, true, false], figures.Select(figure => figure.Element("img") is not null));
    }

    [Fact]
    public void Report_RowsWithoutNameOrPicture_ShowThatThereIsNone()
    {
        var unnamed = ReportSample.Evaluate(3).Parse(new() { Image = name => throw new InvalidOperationException(name) });
        var missing = ReportSample.Evaluate(3, hasRowNames: true).Parse(new() { Image = _ => null });
        Assert.All([unnamed, missing], page =>
        {
            Assert.Equal(40, page.Descendants("figcaption").Count(caption => caption.Element("strong") is not null));
            Assert.Empty(page.Descendants("img"));
            Assert.DoesNotContain("left out:", page.ToString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Report_ListsTheRowsLeftOutByReason()
    {
        var evaluator = new ProbabilityEvaluator(["a", "b"]);
        evaluator.Add(new ProbabilityBlock([0.2f, 0.8f], 2, [1]));
        evaluator.LeaveOut(new RowsLeftOut(MissingLabel: 3, UnknownLabel: 0, NotFinite: 1200, InvalidWeight: 0, ZeroWeight: 0));
        var reasons = evaluator.ToMetrics().Parse().Table("Rows left out").Skip(1).Select(cells => string.Join('|', cells));
        Assert.Equal(["The label is missing|3", "The probabilities hold NaN or an infinity|1,200"], reasons);
    }

    [Fact]
    public void Report_NamesThatLookLikeMarkup_StayText()
    {
        var metrics = ReportSample.Evaluate(3, className: index => $"<img src=x onerror=alert({index})>\"&\u0007");
        var page = metrics.Parse(new ProbabilityReportOptions { Title = "</title><script>1</script>", Subtitle = "a < b" });
        Assert.Empty(page.Descendants("script"));
        Assert.Empty(page.Descendants("img"));
        Assert.Equal("<img src=x onerror=alert(2)>\"&\uFFFD", page.Table("Class by class")[3][0]);
        Assert.Equal("</title><script>1</script>", page.Descendants("h1").Single().Value);
    }

    [Fact]
    public void Report_WithoutMistakes_HasNoTableOfThem()
    {
        var evaluator = new ProbabilityEvaluator(["cat", "dog"]);
        evaluator.Add(new ProbabilityBlock([0.9f, 0.1f, 0.2f, 0.8f], 2, [0, 1]));
        Assert.DoesNotContain("Most confident mistakes", evaluator.ToMetrics().Parse().Headings());
    }

    [Fact]
    public void Report_WithoutRows_SaysSo()
    {
        string html = new ProbabilityEvaluator(["a", "b", "c"]).ToMetrics().Html();
        Assert.Contains("There were no rows to evaluate on.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfTheSameFigures_IsTheSame() => Assert.Equal(ReportSample.Evaluate(4).Html(), ReportSample.Evaluate(4).Html());

    [Fact]
    public void Report_OfAThousandClasses_DrawsTheHundredWithTheMostMistakes()
    {
        var page = ReportSample.Evaluate(1000, rows: 2000, options: ProbabilityEvaluationOptions.Streaming()).Parse();
        Assert.Contains("Of 1,000 classes, the 100 with the most mistakes.", page.ToString(), StringComparison.Ordinal);
        Assert.Equal(1 + 1000, page.Table("Class by class").Count);
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void Report_OfMoreClassesThanTheMapHolds_SaysSo(int classCount, bool saysSo)
    {
        var html = ReportSample.Evaluate(classCount, rows: 300, options: ProbabilityEvaluationOptions.Streaming()).Html();
        Assert.Equal(saysSo, html.Contains($"Of {classCount} classes, the 100 with", StringComparison.Ordinal));
    }

    [Fact]
    public void Report_WithoutConfusionMatrix_SaysHowToHaveOne()
    {
        var metrics = ReportSample.Evaluate(5, options: new ProbabilityEvaluationOptions { LargestConfusionMatrix = 4 });
        Assert.Contains("Raise LargestConfusionMatrix", metrics.Html(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_WithComparison_ShowsBothDiagramsAndWhatChanged()
    {
        var before = ReportSample.Evaluate(4, sharpness: 4);
        var after = ReportSample.Evaluate(4, sharpness: 1);
        var comparison = ProbabilityMetrics.Compare(before, after, new BootstrapOptions { Resamples = 100 });
        var page = after.Parse(new ProbabilityReportOptions { Before = before, Comparison = comparison });
        Assert.Equal(["Its confidence before", "Its confidence after"], page.Headings().Skip(1).Take(2));
        var loss = page.Table("What changed")[1];
        Assert.Equal(["Log-loss", NumberText.Decimal(before.LogLoss), NumberText.Decimal(after.LogLoss)], loss[..3]);
        Assert.Equal("▲ better", loss[3]);
        var accuracy = page.Table("What changed").Single(cells => cells[0] == "Accuracy");
        Assert.Equal(["0.00 pp", "no real difference"], [accuracy[4], accuracy[3]]);
    }

    [Fact]
    public void Of_GivesTheHeaviestCellsOffTheDiagonal_InOrder()
    {
        var metrics = ReportSample.Evaluate(8, rows: 500);
        var table = metrics.Confusion!;
        var naive = from label in Enumerable.Range(0, 8)
                    from predicted in Enumerable.Range(0, 8)
                    where label != predicted && table[label, predicted] > 0
                    orderby table[label, predicted] descending, label, predicted
                    let count = table[label, predicted]
                    select new ClassConfusion(label, predicted, count, count / table.Row(label).ToArray().Sum());
        Assert.Equal(naive.Take(12), LargestConfusions.Of(table, 12));
    }

    [Fact]
    public void MostMistakenClasses_KeepTheirOrder()
    {
        int[] labels = [0, 1, 2, 3, 3, 3];
        float[] probabilities = new float[labels.Length * 5];
        int[] predicted = [0, 1, 4, 4, 4, 1];
        for (int row = 0; row < labels.Length; row++)
            probabilities[row * 5 + predicted[row]] = 1;
        var evaluator = new ProbabilityEvaluator(["a", "b", "c", "d", "e"]);
        evaluator.Add(new ProbabilityBlock(probabilities, 5, labels));
        Assert.Equal([3, 4], LargestConfusions.MostMistakenClasses(evaluator.ToMetrics().Confusion!, 2));
    }
}
