using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Analyzers.Tests;

/// <summary>What the library says is the same in every culture: a number with a decimal separator is formatted in a named one.</summary>
public class InvariantTextTests
{
    // 4 to 9 s: the compiler finds the type of every sum in src.
    [Fact]
    public void Source_NumbersInTexts_NameTheirCulture()
    {
        var trees = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(file => CSharpSyntaxTree.ParseText(
                File.ReadAllText(file), path: file, cancellationToken: TestContext.Current.CancellationToken)).ToArray();
        // Members of ML.NET that only the publicized copies show are errors here, and no numbers.
        var compilation = CSharpCompilation.Create("Source", [.. trees, CSharpSyntaxTree.ParseText(
            Usings, cancellationToken: TestContext.Current.CancellationToken)], AnalyzedCode.References);
        // Text begins with a literal. The kernels have none, and thousands of sums.
        var found = trees.Where(tree => tree.ToString().Contains('"', StringComparison.Ordinal))
            .SelectMany(tree => Found(compilation.GetSemanticModel(tree))).ToArray();
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    /// <summary>What the projects use in every file.</summary>
    private static readonly string Usings = string.Concat(
        ((string[])["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks",
            "System.Collections.Immutable", "System.Globalization", "System.Numerics.Tensors", "Microsoft.ML", "Microsoft.ML.Data",
            "Microsoft.ML.Runtime", "MLNet.Softmax.Evaluation", "MLNet.Softmax.Interop", "MLNet.Softmax.Labels",
            "MLNet.Softmax.Pipeline", "MLNet.Softmax.Transforms",
            "MLNet.Softmax.Numerics", "MLNet.Softmax.Numerics.Calibration", "MLNet.Softmax.Numerics.Metrics"])
        .Select(name => $"global using {name};"));

    private static IEnumerable<string> Found(SemanticModel model) => model.SyntaxTree.GetRoot().DescendantNodes()
        .Where(node => node switch
        {
            InterpolationSyntax hole => !NamesCulture(hole) && HasDecimals(model, hole.Expression),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ToString" } member } call =>
                !call.ArgumentList.ToString().Contains("ulture", StringComparison.Ordinal) && HasDecimals(model, member.Expression),
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum =>
                model.GetTypeInfo(sum).Type?.SpecialType == SpecialType.System_String
                && (HasDecimals(model, sum.Left) || HasDecimals(model, sum.Right)),
            _ => false,
        })
        .Select(node => $"{model.SyntaxTree.GetLineSpan(node.Span)}: {node}");

    private static bool HasDecimals(SemanticModel model, ExpressionSyntax expression)
    {
        var type = model.GetTypeInfo(expression).Type;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            type = nullable.TypeArguments[0];
        return type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal;
    }

    /// <summary>Whether the text is an argument of a call that is also given a culture, or of FormattableString.Invariant.</summary>
    private static bool NamesCulture(InterpolationSyntax hole) =>
        hole.FirstAncestorOrSelf<ArgumentSyntax>()?.Parent is ArgumentListSyntax { Parent: InvocationExpressionSyntax call } arguments
        && (arguments.Arguments[0].ToString().Contains("ulture", StringComparison.Ordinal)
            || call.Expression.ToString().EndsWith("Invariant", StringComparison.Ordinal));
}
