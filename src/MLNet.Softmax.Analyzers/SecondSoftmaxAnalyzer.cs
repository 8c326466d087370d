namespace MLNet.Softmax.Analyzers;

/// <summary>Reports a softmax with ScoreKind.Logits on a column that already contains probabilities.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SecondSoftmaxAnalyzer() : InvocationAnalyzer(Rules.SecondSoftmax)
{
    private protected override void Analyze(OperationAnalysisContext context)
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
        if (last.InputColumn() is { } column && SourceOf(column, stages) is { } source && source.GivesProbabilities())
            context.ReportDiagnostic(
                Diagnostic.Create(Rules.SecondSoftmax, scoreKind.Value.Syntax.GetLocation(), source.TargetMethod.Name));
    }

    /// <summary>
    /// The last stage before the softmax that adds the column; null if a stage may add it under a name that is not a constant.
    /// </summary>
    private static IInvocationOperation? SourceOf(string column, IReadOnlyList<IInvocationOperation> stages) =>
        stages.Take(stages.Count - 1).LastOrDefault(stage => (stage.IsTrainer() || stage.IsSoftmax() || stage.IsCalibrator())
            && (stage.OutputColumn() ?? column) == column) is { } source && source.OutputColumn() is not null ? source : null;

    private static bool IsLogits(IOperation value) =>
        value is IFieldReferenceOperation { Field: { Name: "Logits", ContainingType.Name: "ScoreKind" } };
}
