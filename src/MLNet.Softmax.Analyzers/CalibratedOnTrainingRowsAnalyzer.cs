namespace MLNet.Softmax.Analyzers;

/// <summary>Reports a calibrator that is fitted on the same data view as its trainer.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CalibratedOnTrainingRowsAnalyzer() : InvocationAnalyzer(Rules.CalibratedOnTrainingRows)
{
    private protected override void Analyze(OperationAnalysisContext context)
    {
        if (((IInvocationOperation)context.Operation).AsFit() is not { } fit)
            return;
        var stages = PipelineStages.Of(fit.Estimator);
        int calibrator = stages.ToList().FindIndex(stage => stage.IsCalibrator());
        if (calibrator < 0)
            return;
        var rows = stages.Take(calibrator).Any(stage => stage.IsTrainer()) ? fit.Data : TrainingRowsScoredBy(fit.Data);
        if (rows is not null)
            context.ReportDiagnostic(
                Diagnostic.Create(Rules.CalibratedOnTrainingRows, fit.Data.Syntax.GetLocation(), rows.Syntax.ToString()));
    }

    /// <summary>The rows, if they were scored by a model that was fitted on the same rows; otherwise null.</summary>
    private static IOperation? TrainingRowsScoredBy(IOperation scored)
    {
        if (LocalOrigin.Of(scored) is not IInvocationOperation invocation || invocation.AsTransform() is not { } transform
            || LocalOrigin.SymbolOf(transform.Data) is not { } rows)
        {
            return null;
        }

        return LocalOrigin.Of(transform.Model) is IInvocationOperation model && model.AsFit() is { } training
            && PipelineStages.Of(training.Estimator).Any(stage => stage.IsTrainer())
            && SymbolEqualityComparer.Default.Equals(LocalOrigin.SymbolOf(training.Data), rows) ? transform.Data : null;
    }
}
