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

    [Fact]
    public void Texts_AreTheApprovedOnes() => ApprovedText.Check("MLNet.Softmax.Analyzers.Tests/Approved/rules", string.Concat(
        Rules.Select(rule => $"{rule.Id}\n{rule.Title}\n{rule.MessageFormat}\n{rule.Description}\n\n")));
}
