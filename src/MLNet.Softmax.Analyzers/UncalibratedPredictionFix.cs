using System.Composition;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace MLNet.Softmax.Analyzers;

/// <summary>Appends Decide before the MapKeyToValue that reads PredictedLabel. Otherwise there is no safe fix.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class UncalibratedPredictionFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [Rules.UncalibratedPrediction.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var properties = context.Diagnostics[0].Properties;
        if (root is null || !properties.TryGetValue(UncalibratedPredictionAnalyzer.ProbabilityColumn, out var column) || column is null
            || root.FindNode(context.Span, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>() is not
            {
                Expression: MemberAccessExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var transforms } },
                Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax before } },
            })
        {
            return;
        }

        var decide = SyntaxFactory.ParseExpression(
            $"{before.Expression.ToFullString()}{before.OperatorToken.LeadingTrivia}.Append({transforms.WithoutTrivia()}.Decide("
            + (column == "Probability" ? "" : $"inputColumnName: {SyntaxFactory.Literal(column)}") + "))")
            .WithTrailingTrivia(before.Expression.GetTrailingTrivia());
        context.RegisterCodeFix(
            CodeAction.Create(
                "Append Decide",
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(before.Expression, decide))),
                equivalenceKey: nameof(UncalibratedPredictionFix)),
            context.Diagnostics);
    }
}
