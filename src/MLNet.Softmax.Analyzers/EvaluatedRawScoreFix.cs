using System.Composition;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace MLNet.Softmax.Analyzers;

/// <summary>Evaluates the softmax's column if the pipeline has one. Otherwise there is no safe fix.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class EvaluatedRawScoreFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [Rules.EvaluatedRawScore.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        if (!diagnostic.Properties.TryGetValue(EvaluatedRawScoreAnalyzer.ProbabilityColumn, out var column) || column is null)
            return;
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true).FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call)
            return;
        context.RegisterCodeFix(
            CodeAction.Create(
                $"Evaluate the column \"{column}\"",
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(call, WithScoreColumn(call, column)))),
                equivalenceKey: nameof(EvaluatedRawScoreFix)),
            diagnostic);
    }

    private static InvocationExpressionSyntax WithScoreColumn(InvocationExpressionSyntax call, string column)
    {
        var literal = SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(column));
        var arguments = call.ArgumentList.Arguments;
        int positional = arguments.Count > 2 && arguments.Take(3).All(argument => argument.NameColon is null) ? 2 : -1;
        var present = positional == 2 ? arguments[2]
            : arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == "scoreColumnName");
        if (present is not null)
            return call.ReplaceNode(present.Expression, literal.WithTriviaFrom(present.Expression));
        var name = SyntaxFactory.NameColon("scoreColumnName").WithTrailingTrivia(SyntaxFactory.Space);
        return call.AddArgumentListArguments(SyntaxFactory.Argument(name, default, literal).WithLeadingTrivia(SyntaxFactory.Space));
    }
}
