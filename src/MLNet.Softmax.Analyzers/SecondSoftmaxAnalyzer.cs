using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MLNet.Softmax.Analyzers;

/// <summary>Finds a softmax that is told to take for logits what its trainer gives as probabilities.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SecondSoftmaxAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.SecondSoftmax];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        var append = (IInvocationOperation)context.Operation;
        if (append.TargetMethod.Name != "Append")
            return;
        var stages = PipelineStages.Of(append);
        if (stages.Count == 0)
            return;
        var last = stages[stages.Count - 1];
        if (!last.IsSoftmax() || last.Argument("scoreKind") is not { } scoreKind || !IsLogits(scoreKind.Value))
            return;
        if (stages.Take(stages.Count - 1).LastOrDefault(stage => stage.IsTrainer() || stage.IsSoftmax()) is { } before && before.GivesProbabilities())
            context.ReportDiagnostic(Diagnostic.Create(Rules.SecondSoftmax, scoreKind.Value.Syntax.GetLocation(), before.TargetMethod.Name));
    }

    private static bool IsLogits(IOperation value) => value is IFieldReferenceOperation { Field: { Name: "Logits", ContainingType.Name: "ScoreKind" } };
}
