namespace MLNet.Softmax.Analyzers.Tests;

/// <summary>The analyzers follow local variables that are set once.</summary>
public class LocalVariableTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("var other = column + column; System.Console.WriteLine(column);", true)]
    [InlineData("void Later(string column) { column = \"A\"; }", true)]
    [InlineData("Read(in column); void Read(in string text) { }", true)]
    [InlineData("Set(ref column); void Set(ref string text) { }", false)]
    [InlineData("Make(out column); void Make(out string text) => text = \"A\";", false)]
    [InlineData("column = \"A\";", false)]
    [InlineData("column += \"A\";", false)]
    [InlineData("void Later() { column = \"A\"; }", false)]
    [InlineData("System.Action later = () => column = \"A\";", false)]
    public Task AVariable_IsFollowedUnlessItIsSetAgain(string between, bool isReported) => AnalyzedCode.Reports<SecondSoftmaxAnalyzer>($$"""
        var column = "Score";
        {{between}}
        var pipeline = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()
            .Append(mlContext.Transforms.Softmax("Second", column, scoreKind: ScoreKind.Logits));
        """, isReported ? ["MLSM001 ScoreKind.Logits"] : []);

    [Theory]
    [InlineData("void Work() { string column = \"Score\"; {0} }")]
    [InlineData("System.Action work = () => { string column = \"Score\"; {0} };")]
    public Task AVariableOfAFunction_IsFollowedWithinIt(string function) => AnalyzedCode.Reports<SecondSoftmaxAnalyzer>(
        $"{function.Replace("{0}", Softmax(), StringComparison.Ordinal)} void Other() {{ string column = \"A\"; column = \"B\"; }}",
        "MLSM001 ScoreKind.Logits");

    [Fact]
    public Task AVariableWithoutAValue_IsNotFollowed() =>
        AnalyzedCode.Reports<SecondSoftmaxAnalyzer>($"string column; column = \"Score\"; {Softmax()}");

    /// <summary>A cycle cannot be compiled; a limit keeps even a very long chain from costing time.</summary>
    [Theory]
    [InlineData(31, true)]
    [InlineData(32, false)]
    public Task AChainOfVariables_IsFollowedUpToALimit(int length, bool isReported) => AnalyzedCode.Reports<SecondSoftmaxAnalyzer>(
        string.Concat(Enumerable.Range(1, length).Select(at => $"string v{at} = {(at == 1 ? "\"Score\"" : $"v{at - 1}")}; "))
        + $"string column = v{length}; {Softmax()}", isReported ? ["MLSM001 ScoreKind.Logits"] : []);

    private static string Softmax() => "var pipeline = mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy()"
        + ".Append(mlContext.Transforms.Softmax(\"Second\", column, scoreKind: ScoreKind.Logits));";
}
