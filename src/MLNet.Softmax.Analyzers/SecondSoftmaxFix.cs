using System.Composition;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace MLNet.Softmax.Analyzers;

/// <summary>Replaces ScoreKind.Logits by ScoreKind.Probabilities.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SecondSoftmaxFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [Rules.SecondSoftmax.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true) is not MemberAccessExpressionSyntax access)
            return;
        context.RegisterCodeFix(
            CodeAction.Create(
                "Take the scores for probabilities",
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(
                    access.Name, SyntaxFactory.IdentifierName("Probabilities").WithTriviaFrom(access.Name)))),
                equivalenceKey: nameof(SecondSoftmaxFix)),
            context.Diagnostics);
    }
}
