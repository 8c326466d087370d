namespace MLNet.Softmax.Analyzers;

/// <summary>Reports ML.NET's Evaluate on the raw Score of a trainer whose scores are not probabilities.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EvaluatedRawScoreAnalyzer() : InvocationAnalyzer(Rules.EvaluatedRawScore)
{
    /// <summary>The diagnostic's property with the name of the column to evaluate instead, if the pipeline has one.</summary>
    internal const string ProbabilityColumn = nameof(ProbabilityColumn);

    private const string DefaultScoreColumn = "Score";

    private protected override void Analyze(OperationAnalysisContext context)
    {
        var evaluate = (IInvocationOperation)context.Operation;
        if (evaluate.TargetMethod is not { Name: "Evaluate", ContainingType.Name: "MulticlassClassificationCatalog" })
            return;
        if (evaluate.Argument("scoreColumnName") is { } column
            && column.Value.ConstantValue is not { HasValue: true, Value: DefaultScoreColumn })
        {
            return;
        }

        if (LocalOrigin.Of(evaluate.Argument("data")?.Value) is not IInvocationOperation scored
            || scored.AsTransform() is not { } transform
            || LocalOrigin.Of(transform.Model) is not IInvocationOperation model || model.AsFit() is not { } fit)
        {
            return;
        }

        var stages = PipelineStages.Of(fit.Estimator);
        if (stages.LastOrDefault(stage => stage.IsTrainer()) is not { } trainer || !trainer.GivesRawScores()
            || stages.Any(stage => stage.IsSoftmax() && stage.OutputColumn() == DefaultScoreColumn))
        {
            return;
        }

        var properties = ImmutableDictionary<string, string?>.Empty;
        if (stages.LastOrDefault(stage => stage.IsSoftmax() && stage.TargetMethod.Name == "Softmax") is { } softmax
            && softmax.OutputColumn() is { } output)
        {
            properties = properties.Add(ProbabilityColumn, output);
        }

        context.ReportDiagnostic(
            Diagnostic.Create(Rules.EvaluatedRawScore, evaluate.Syntax.GetLocation(), properties, trainer.TargetMethod.Name));
    }
}
