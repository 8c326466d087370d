using System.Globalization;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests;

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
    [InlineData("digits", 3.2674, 1.01004, 0.59156)]
    [InlineData("cifar10-wideresnet", 2.0592, 0.37371, 0.27042)]
    [InlineData("cifar10-vgg16", 1.7359, 0.22697, 0.18306)]
    public void Scores_RealNetworks_GiveTheReferenceFigures(string network, double temperature, double lossBefore, double lossAfter)
    {
        var result = network == "digits"
            ? _sample.Run("--scores", Repository.TestData("digits/digits-logits.csv"), "--score-kind", "logits", "--calibrate-on", "0.5")
            : _sample.Run("--scores", Repository.SharedData($"{network}.csv"), "--calibrate-on", "0.5");

        result.AssertSucceeded();
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"Temperature {temperature:0.0000}"), result.Output, StringComparison.Ordinal);
        double[] loss = Row(result.Output, "Log-loss");
        Assert.Equal(lossBefore, loss[0], tolerance: 1e-4);
        Assert.Equal(lossAfter, loss[1], tolerance: 1e-4);
    }

    [Fact]
    public void Scores_NamedColumnsQuotesAndLogits_AreRead()
    {
        string file = _sample.Write("mixed.csv", """"
            Image,"hot dog","a, ""b""",Label
            one.jpg,2.0,-1,hot dog
            two.jpg,1e3,1000.5,"a, ""b"""

            three.jpg,-inf,0,"a, ""b"""
            four.jpg,5,0,"a, ""b"""
            five.jpg,nan,0,hot dog
            six.jpg,1,0,
            """");

        var result = _sample.Run("--scores", file, "--score-kind", "logits", "--row-name", "Image");

        result.AssertSucceeded();
        Assert.Contains("4 rows of 2 classes evaluated; left out: 1 without a label, 1 with NaN", result.Output, StringComparison.Ordinal);
        Assert.Equal(0.75, Row(result.Output, "Accuracy")[0]);
        string report = File.ReadAllText(Path.Combine(_sample.Folder, "report.html"));
        Assert.Contains(">four.jpg<", report, StringComparison.Ordinal);
        Assert.Contains("a, &quot;b&quot;", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_Streaming_GivesTheSameFigures()
    {
        string file = _sample.Write(
            "scores.csv", "Label,P0,P1,P2\n" + string.Concat(Enumerable.Range(0, 5000).Select(row => $"{row % 3},0.5,0.3,0.2\n")));
        string[] arguments = ["--scores", file, "--calibrate-on", "0.3", "--class-names", "red,green,blue"];

        var all = _sample.Run(arguments);
        var streaming = _sample.Run([.. arguments, "--metrics", "streaming"]);

        all.AssertSucceeded();
        streaming.AssertSucceeded();
        Assert.Equal(Row(all.Output, "Log-loss"), Row(streaming.Output, "Log-loss"));
        Assert.Contains("3,500 rows of 3 classes evaluated", streaming.Output, StringComparison.Ordinal);
        Assert.Contains(">blue<", File.ReadAllText(Path.Combine(_sample.Folder, "report.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "row 1, column Label: the file is empty")]
    [InlineData("\n\n", "row 1, column Label: the file is empty")]
    [InlineData("Label,P0,P1\n", "row 2, column Label: there are no rows below the header")]
    [InlineData("Class,P0,P1\n0,1,0\n", "row 1, column Label: is missing; the header has Class, P0, P1")]
    [InlineData("Label,P0\n0,1\n", "row 1, column Label: beside it at least two columns of scores")]
    [InlineData("Label,P0,P0\n0,1,0\n", "row 1, column P0: appears twice")]
    [InlineData("Label,P0,P1\n0,1,0\n1,0.5,half\n", "row 3, column P1: 'half' is not a number")]
    [InlineData("Label,P0,P1\n0,,1\n", "row 2, column P0: is empty")]
    [InlineData("Label,P0,P1\n0,1\n", "row 2, column P1: is missing; the row has 2 of 3 fields")]
    [InlineData("Label,P0,P1\n0,1,0,0\n", "row 2, column P1: is followed by more; the row has 4 fields")]
    [InlineData("Label,P0,P1\n0,1,0\n2,1,0\n", "row 3, column Label: '2' is none of the classes 0, 1")]
    [InlineData("Label,cat,dog\ncow,1,0\n", "row 2, column Label: 'cow' is none of the classes cat, dog")]
    [InlineData("Label,P0,P1\n0,0.52,0.63\n",
        "row 2, column P0 to P1: the probabilities sum to 1.15, not to 1; if a column is none of the scores, name those that are")]
    [InlineData("Label,P0,P1\n0,0.5,0.5\n1,90,10\n", "row 3, column P0 to P1: the probabilities sum to 100, not to 1")]
    [InlineData("Label;P0;P1\n0;0,5;0,5\n", "row 2, column P0: '0,5' is not a number; a decimal point is expected")]
    [InlineData("Label,cat,dog\n1,0.8,0.2\n2,0.3,0.7\n", "row 1, column Label: the labels may count from 0 or from 1")]
    [InlineData("Label,A0,A1,B0,B1\n1,0.8,0.2,0,1\n", "row 1: the scores may be the columns A... or B.... Name them with --score-columns")]
    [InlineData("Label,P0,P1\n0,-3,4\n", "row 2, column P0: -3 is no probability; for raw scores say --score-kind logits")]
    public void Scores_BrokenFile_EndsInOneLineNamingFileRowAndColumn(string content, string expected)
    {
        string file = _sample.Write("broken.csv", content);

        _sample.Run("--scores", file).AssertRefused("broken.csv, " + expected);
        Assert.Equal([file], Directory.GetFiles(_sample.Folder));
    }

    /// <summary>Log-losses by hand: the mean of -ln(probability of the true class), of rows that sum to 1.</summary>
    [Theory]
    [InlineData("a_rounded2.csv", 0.17935, "divided by their sum: 1.")] // (-ln .76 - ln(.91 / .99)) / 2
    [InlineData("c_probabilities_as_logits.csv", 0.02020, "3 rows")] // -ln .98
    [InlineData("h_label_bool.csv", 0.16425, "2 rows")] // (-ln .9 - ln .8) / 2
    [InlineData("k_semicolon.csv", 0.16425, "2 rows")]
    [InlineData("n_percent.csv", 0.16425, "The scores are percentages")]
    [InlineData("o_multiline_quoted.csv", 0.16425, "2 rows")]
    [InlineData("q_gz.csv.gz", 0.16425, "2 rows")]
    [InlineData("u_two_extra.csv", 0.16425, "not read: id, y_pred, correct.", "--label", "y_true")]
    [InlineData("v_onebased.csv", 0.22314, "3 rows")] // -ln .8
    [InlineData("x_constant_sorted.csv", 0.61086, "100 rows")] // -.7 ln .7 - .3 ln .3
    [InlineData("d_index_column.csv", 0.05241, "not read: (no name).", "--score-kind", "logits")] // ln(1 + e^-d), d = 3.5, 3, 2.5
    [InlineData("e_predicted_column.csv", 0.05241, "not read: Predicted.", "--score-kind", "logits", "--score-columns", "cat,dog")]
    [InlineData("f_flag_column.csv", 0.16425, "not read: is_test.", "--score-columns", "cat,dog")]
    public void Scores_LaidOutAsOthersDo_GiveTheRightLoss(string file, double loss, string expected, params string[] arguments)
    {
        var result = _sample.Run(["--scores", Repository.TestData($"cases/{file}"), .. arguments]);

        result.AssertSucceeded();
        Assert.Equal(loss, Row(result.Output, "Log-loss")[0], tolerance: 1e-4);
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_ColumnThatMayBeNoClass_IsSaid()
    {
        string file = _sample.Write("weighted.csv", "Label,weight,cat,dog\ncat,0.5,2,-1\ndog,1.5,-1,3\n");

        var result = _sample.Run("--scores", file, "--score-kind", "logits");

        result.AssertSucceeded();
        Assert.Contains("No label is weight, although the column is taken for a class", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c_probabilities_as_logits.csv", "all rows are probabilities, which a softmax would flatten", "--score-kind", "logits")]
    [InlineData("e_predicted_column.csv", "column Predicted: no label has this name", "--score-kind", "logits")]
    [InlineData("f_flag_column.csv", "column is_test: no label has this name")]
    [InlineData("u_two_extra.csv", "column Label: is missing; the header has id, y_true, y_pred")]
    public void Scores_ThatCanBeReadInTwoWays_AreRefusedWithTheWayOut(string file, string expected, params string[] arguments) =>
        _sample.Run(["--scores", Repository.TestData($"cases/{file}"), .. arguments]).AssertRefused(expected);

    [Theory]
    [InlineData("cut.csv.gz")]
    [InlineData("unpacked.csv.gz")]
    [InlineData("quote.csv")]
    public void Scores_DamagedFile_IsRefused(string name)
    {
        byte[] packed = File.ReadAllBytes(Repository.TestData("cases/q_gz.csv.gz"));
        string file = Path.Combine(_sample.Folder, name);
        File.WriteAllBytes(file, name switch
        {
            "cut.csv.gz" => packed[..^10],
            "unpacked.csv.gz" => "Label,P0,P1\n0,1,0\n"u8.ToArray(),
            _ => [.. "Label,P0,P1\n0,1,\"0\n"u8, .. Enumerable.Repeat((byte)'1', 1 << 24)],
        });

        _sample.Run("--scores", file).AssertRefused($"{name}: the file is damaged, cut off, or has a quotation mark too many");
    }

    [Theory]
    [InlineData("--calibrate-on is 1.5", "--calibrate-on", "1.5")]
    [InlineData("--calibrate-on is half", "--calibrate-on", "half")]
    [InlineData("--pictures is 3", "--pictures", "3")]
    [InlineData("'odds'", "--score-kind", "odds")]
    [InlineData("--scores is empty", "--scores", " ")]
    [InlineData("nowhere.csv", "--scores", "nowhere.csv")]
    [InlineData("--report names a folder", "--report", ".")]
    [InlineData("its folder does not exist", "--report", "no/such/report.html")]
    public void WrongArguments_EndInOneLine(string expected, params string[] arguments)
    {
        _sample.Run(arguments).AssertRefused("multiclass-evaluation: ", expected);
        Assert.Empty(Directory.GetFiles(_sample.Folder));
    }

    [Theory]
    [InlineData("--class-names", "a,b,c", "--class-names gives 3 names, but scores.csv has 2 classes")]
    [InlineData("--calibrate-on", "0.5", "multiclass-evaluation: ")] // Rows of one class.
    public void Scores_OptionThatDoesNotSuitTheFile_EndsInOneLine(string option, string value, string expected)
    {
        string file = _sample.Write("scores.csv", "Label,P0,P1\n" + string.Concat(Enumerable.Repeat("0,0.7,0.3\n", 40)));
        _sample.Run("--scores", file, option, value).AssertRefused(expected);
    }

    /// <summary>The numbers of a row of the printed table.</summary>
    private static double[] Row(string output, string name) =>
    [
        .. output.Split('\n').Single(line => line.StartsWith($"│ {name} ", StringComparison.Ordinal)).Split('│')[2..4]
            .Select(cell => double.TryParse(cell, CultureInfo.InvariantCulture, out double number) ? number : double.NaN),
    ];
}
