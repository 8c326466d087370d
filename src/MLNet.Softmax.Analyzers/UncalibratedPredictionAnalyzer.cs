namespace MLNet.Softmax.Analyzers;

/// <summary>Reports the use of the trainer's PredictedLabel after a calibrator that can change which class is the most probable.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UncalibratedPredictionAnalyzer() : InvocationAnalyzer(Rules.UncalibratedPrediction)
{
    /// <summary>The diagnostic's property with the name of the calibrator's probability column.</summary>
    internal const string ProbabilityColumn = nameof(ProbabilityColumn);

    private const string PredictedLabel = "PredictedLabel";

    private protected override void Analyze(OperationAnalysisContext context)
    {
        var invocation = (IInvocationOperation)context.Operation;
        var (reader, model) = invocation.TargetMethod.Name switch
        {
            "Append" when Appended(invocation) is { } last && last.IsMapKeyToValue(PredictedLabel) => (last.Syntax, invocation),
            "GetColumn" when invocation.Text("columnName") == PredictedLabel
                && LocalOrigin.Of(PipelineStages.Receiver(invocation)) is IInvocationOperation scored
                && scored.AsTransform() is { } transform => (invocation.Syntax, transform.Model),
            "CreatePredictionEngine" when invocation.TargetMethod.TypeArguments.LastOrDefault()?.GetMembers(PredictedLabel).Length > 0 =>
                (invocation.Syntax, invocation.Argument("transformer")?.Value),
            _ => (null, null),
        };
        if (reader is null || ChangedBy(PipelineStages.OfModel(model)) is not { } calibrator)
            return;
        var properties = ImmutableDictionary<string, string?>.Empty.Add(ProbabilityColumn, calibrator.OutputColumn());
        context.ReportDiagnostic(
            Diagnostic.Create(Rules.UncalibratedPrediction, reader.GetLocation(), properties, calibrator.TargetMethod.Name));
    }

    /// <summary>The estimator that is appended; for a transformer that is fitted within the call, its estimator.</summary>
    private static IInvocationOperation? Appended(IInvocationOperation append)
    {
        var stages = PipelineStages.Of(append);
        if (stages.Count == 0)
            return null;
        var last = stages[stages.Count - 1];
        return last.AsFit() is { } fit ? LocalOrigin.Of(fit.Estimator) as IInvocationOperation : last;
    }

    /// <summary>The calibrator that follows a trainer and is not followed by a decision.</summary>
    private static IInvocationOperation? ChangedBy(IEnumerable<IInvocationOperation> stages)
    {
        IInvocationOperation? changing = null;
        var isTrained = false;
        foreach (var stage in stages)
        {
            isTrained |= stage.IsTrainer();
            changing = stage.IsDecision() ? null : isTrained && stage.CanChangeOrder() ? stage : changing;
        }

        return changing;
    }
}
