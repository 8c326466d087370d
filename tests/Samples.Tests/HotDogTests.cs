using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNet.Softmax.Samples.Tests;

public sealed partial class HotDogTests : IDisposable
{
    private readonly SampleProcess _hotDog = new("HotDog");

    public void Dispose() => _hotDog.Dispose();

    [Fact]
    public void HotDog_NoArguments_TellsTheWholeStory()
    {
        var result = _hotDog.Run();

        result.AssertSucceeded();
        Assert.True(Number(result.Output, "Accuracy") >= 0.75, result.Output);
        Assert.True(Number(result.Output, "Log-loss") < 0.6, result.Output);
        Assert.Contains("sum to 1", result.Output, StringComparison.Ordinal);
        foreach (var word in new[] { "score", "max", "argmax", "softmax", "The same answers, to the last bit." })
            Assert.Contains(word, result.Output, StringComparison.Ordinal);
        Assert.True(new FileInfo(Path.Combine(_hotDog.Folder, "hotdog.zip")).Length > 1000);
        Assert.True(new FileInfo(Path.Combine(_hotDog.Folder, "hotdog.onnx")).Length > 1000);
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Fact]
    public void HotDog_NoArguments_ShowsProbabilitiesBeforeAndAfterCalibration()
    {
        var output = _hotDog.Run().Output;

        var sizes = Regex.Match(output, @"(\d+) photographs to learn from, (\d+) to calibrate on, (\d+) to judge by");
        Assert.Equal(200, Enumerable.Range(1, 3).Sum(group => int.Parse(sizes.Groups[group].Value, CultureInfo.InvariantCulture)));
        var (lossBefore, lossAfter) = BeforeAndAfter(output, "log-loss");
        Assert.InRange(lossAfter, 0.1, lossBefore);
        var (errorBefore, errorAfter) = BeforeAndAfter(output, "calibration error");
        Assert.InRange(errorAfter, 0.01, errorBefore);
        var (before, after) = BeforeAndAfter(output, "accuracy");
        Assert.Equal(before, after);

        Assert.Matches(
            @"90% prediction set of (not_)?hotdog/\d+, the most doubtful one: \{ (not_hotdog, hotdog|hotdog, not_hotdog) \}", output);
        var sets = Regex.Match(output, @"The sets of (\d+) of 58 photographs hold the truth");
        Assert.InRange(int.Parse(sets.Groups[1].Value, CultureInfo.InvariantCulture), 46, 58);
    }

    [Fact]
    public void HotDog_TwoRuns_SayTheSame()
    {
        // How often the progress is told depends on the machine's speed.
        IEnumerable<string> Lines() => _hotDog.Run().Output.Split('\n').Where(line => !line.TrimEnd().EndsWith('%'));

        Assert.Equal(Lines(), Lines());
    }

    [Fact]
    public void HotDog_SaveElsewhere_WritesThoseFilesAlone()
    {
        var result = _hotDog.Run("--save", "other.zip", "--report", "other.html");

        result.AssertSucceeded();
        Assert.Equal(["other.html", "other.onnx", "other.zip"], Directory.GetFiles(_hotDog.Folder).Select(Path.GetFileName).Order());
        Assert.Contains($"Report: {Path.Combine(_hotDog.Folder, "other.html")}", result.Output, StringComparison.Ordinal);
        Assert.Contains("Hot dog or not", File.ReadAllText(Path.Combine(_hotDog.Folder, "other.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "28", "0", "30", "0")]
    [InlineData("1", "0", "28", "0", "30")]
    public void HotDog_ThresholdAtTheEnds_CallsAllOrNoneAHotDog(string threshold, params string[] counts)
    {
        var result = _hotDog.Run("--threshold", threshold);

        result.AssertSucceeded();
        Assert.Equal(counts, Rows().Matches(result.Output).SelectMany(row => row.Groups.Values.Skip(1).Select(group => group.Value)));
    }

    [Fact]
    public void HotDog_OwnFeatures_AreUsed()
    {
        var random = new Random(1);
        var lines = Enumerable.Range(0, 200).Select(row => string.Create(CultureInfo.InvariantCulture,
            $"{row},{(row % 2 == 0 ? "hotdog" : "not_hotdog")},{random.NextDouble() + row % 2 * 3:0.000},{random.NextDouble():0.000}"));
        var file = _hotDog.Write("own.csv", "Image,Label,F0,F1\n" + string.Join('\n', lines) + "\n");

        var result = _hotDog.Run("--features", file);

        result.AssertSucceeded();
        Assert.True(Number(result.Output, "Accuracy") > 0.97, result.Output);
    }

    [Fact]
    public void HotDog_Help_NamesEveryOption()
    {
        var result = _hotDog.Run("--help");

        Assert.Equal(0, result.ExitCode);
        Assert.All(["--features <FILE>", "--save <FILE>", "--report <FILE>", "--threshold <P>"],
            option => Assert.Contains(option, result.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--threshold is 1.5", "--threshold", "1.5")]
    [InlineData("--threshold is half", "--threshold", "half")]
    [InlineData("--threshold is NaN", "--threshold", "NaN")]
    [InlineData("'--treshold'", "--treshold", "0.5")]
    [InlineData("'extra'", "extra")]
    [InlineData("'--features'", "--features")]
    [InlineData("--features is empty", "--features", " ")]
    [InlineData("nowhere.csv", "--features", "nowhere.csv")]
    [InlineData("folder does not exist", "--save", "no/such/folder.zip")]
    [InlineData("names a folder", "--save", ".")]
    [InlineData("--report names a folder", "--report", ".")]
    public void HotDog_WrongArguments_EndInOneLine(string expected, params string[] arguments)
    {
        _hotDog.Run(arguments).AssertRefused("hotdog: ", expected);
        Assert.Empty(Directory.GetFiles(_hotDog.Folder));
    }

    [Theory]
    [InlineData("", "line 1", "Image,Label,F0")]
    [InlineData("a,b\n", "line 1", "Image,Label,F0")]
    [InlineData("Image,Label,F0\n1,hotdog,1,2\n", "line 2", "4 fields", "3")]
    [InlineData("Image,Label,F0\n1,hotdog,1\n2,pizza,1\n", "line 3", "'pizza'", "not_hotdog")]
    [InlineData("Image,Label,F0\n1,hotdog,1\n2,hotdog,one\n", "line 3", "field 3", "'one'")]
    [InlineData("Image,Label,F0\n1,hotdog,NaN\n", "line 2", "'NaN'")]
    [InlineData("Image,Label,F0\n1,hotdog,1\n", "1 photographs labelled hotdog and 0", "at least 40")]
    public void HotDog_BrokenFeatures_NameTheLineAndTheFault(string content, params string[] parts)
    {
        var file = _hotDog.Write("broken.csv", content);

        _hotDog.Run("--features", file).AssertRefused(["broken.csv", .. parts]);
        Assert.Equal([file], Directory.GetFiles(_hotDog.Folder));
    }

    private static (double Before, double After) BeforeAndAfter(string output, string name)
    {
        var row = Regex.Match(output, $@"│ {name} +│ +([\d.]+) │ +([\d.]+) │");
        return (double.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture),
            double.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    private static double Number(string output, string name) =>
        double.Parse(Regex.Match(output, $@"^{name} +([\d.]+)", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"│ is (?:a hot dog|none) +│ +(\d+) │ +(\d+) │")]
    private static partial Regex Rows();
}
