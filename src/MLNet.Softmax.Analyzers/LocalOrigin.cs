namespace MLNet.Softmax.Analyzers;

/// <summary>
/// Follows an expression back to where its value was created, through conversions and local variables that are assigned once.
/// </summary>
internal static class LocalOrigin
{
    private const int MaximumSteps = 32;

    public static IOperation? Of(IOperation? operation)
    {
        for (int step = 0; step < MaximumSteps && operation is not null; step++)
        {
            switch (operation)
            {
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                case ILocalReferenceOperation local when Initializer(local) is { } initializer:
                    operation = initializer;
                    break;
                default:
                    return operation;
            }
        }

        return operation;
    }

    /// <summary>The local variable, parameter or field that the expression refers to, if any.</summary>
    public static ISymbol? SymbolOf(IOperation? operation) => operation switch
    {
        IConversionOperation conversion => SymbolOf(conversion.Operand),
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation { Property.IsIndexer: false } property => property.Property,
        _ => null,
    };

    private static IOperation? Initializer(ILocalReferenceOperation reference)
    {
        if (reference.SemanticModel is not { } model || reference.Local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()
            is not VariableDeclaratorSyntax { Initializer: { } initializer } declarator)
        {
            return null;
        }

        return IsSetAgain(reference.Local, declarator, model) ? null : model.GetOperation(initializer.Value);
    }

    private static bool IsSetAgain(ILocalSymbol local, VariableDeclaratorSyntax declarator, SemanticModel model)
    {
        SyntaxNode scope = declarator.Ancestors().FirstOrDefault(node =>
                node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax)
            ?? declarator.SyntaxTree.GetRoot();
        return scope.DescendantNodes().Any(node => Target(node) is IdentifierNameSyntax name && name.Identifier.ValueText == local.Name
            && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, local));
    }

    private static ExpressionSyntax? Target(SyntaxNode node) => node switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left,
        ArgumentSyntax argument when !argument.RefKindKeyword.IsKind(SyntaxKind.None)
            && !argument.RefKindKeyword.IsKind(SyntaxKind.InKeyword) => argument.Expression,
        _ => null,
    };
}
