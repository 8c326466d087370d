using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Analyzers.Tests;

/// <summary>The texts of the rules, which an editor shows.</summary>
public sealed class RuleTextTests
{
    private static readonly DiagnosticDescriptor[] Rules =
    [
        .. typeof(SecondSoftmaxAnalyzer).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .SelectMany(type => ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics)
            .OrderBy(rule => rule.Id, StringComparer.Ordinal),
    ];

    [Fact]
    public void EveryRule_IsAWarningThatReadmeLists()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.Equal(["MLSM001", "MLSM002", "MLSM003", "MLSM004"], Rules.Select(rule => rule.Id));
        Assert.All(Rules, rule =>
        {
            Assert.Equal((DiagnosticSeverity.Warning, true, "Usage"), (rule.DefaultSeverity, rule.IsEnabledByDefault, rule.Category));
            Assert.Contains($"{rule.Id}, ", readme, StringComparison.Ordinal);
        });
    }

    /// <summary>Whole sentences: a part that is lost leaves one without a beginning, an end, or what it is about.</summary>
    [Theory]
    [InlineData("MLSM001", "ImageClassification", "LightGbm", "PairwiseCoupling", "output columns of Softmax", "0.731")]
    [InlineData("MLSM002", "rows that the trainer has not seen", "out-of-fold", "CrossFit")]
    [InlineData("MLSM003", "-ln(Score)", "SdcaNonCalibrated", "NaiveBayes", "TextClassification", "MultilayerPerceptron logits")]
    [InlineData("MLSM004", "VectorScaling", "Isotonic", "Transforms.Decide replaces it", "never changes the order")]
    public void Texts_AreWholeSentences(string id, params string[] parts)
    {
        var rule = Rules.Single(rule => rule.Id == id);
        var (message, description) = (rule.MessageFormat.ToString(), rule.Description.ToString());
        Assert.Matches(@"^[A-Z][^.]+$", rule.Title.ToString().Replace("ML.NET", "", StringComparison.Ordinal));
        Assert.Matches(@"^['A-Z].*'\{0\}'.*\.$|^'\{0\}'.*\.$", message);
        Assert.Matches(@"^[A-Z].*\.$", description);
        Assert.All(parts, part => Assert.Contains(part, description, StringComparison.Ordinal));
    }
}
