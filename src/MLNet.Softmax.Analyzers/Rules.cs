namespace MLNet.Softmax.Analyzers;

/// <summary>The rules' ids, titles and messages.</summary>
internal static class Rules
{
    private const string Category = "Usage";

    public static readonly DiagnosticDescriptor SecondSoftmax = new(
        "MLSM001", "A second softmax flattens the probabilities",
        "'{0}' already gives probabilities. A softmax that takes them for logits silently flattens them. "
        + "Omit scoreKind, or set it to ScoreKind.Probabilities.",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "The Score column of ImageClassification, SdcaMaximumEntropy, LbfgsMaximumEntropy, LightGbm, OneVersusAll and "
        + "PairwiseCoupling holds probabilities, and so do the output columns of Softmax and of the calibrators. "
        + "Taken for logits, no probability of two classes can exceed 0.731.");

    public static readonly DiagnosticDescriptor CalibratedOnTrainingRows = new(
        "MLSM002", "A calibrator fitted on its trainer's own rows learns nothing true",
        "The calibrator is fitted on '{0}', the rows that its trainer was fitted on, where the scores look better than they are. "
        + "Fit it on held-out rows, or use Calibrators.CrossFit.",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "A calibrator must see scores of rows that the trainer has not seen: "
        + "another part of the data, or out-of-fold scores as CrossFit makes them.");

    public static readonly DiagnosticDescriptor EvaluatedRawScore = new(
        "MLSM003", "Evaluate takes a raw score for a probability",
        "The Score of '{0}' is not a probability, so the log-loss of this evaluation is meaningless. "
        + "Append Transforms.Softmax and evaluate its column, or use EvaluateProbabilities.",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "ML.NET's Evaluate computes -ln(Score) even if Score does not hold probabilities. SdcaNonCalibrated and OneVersusAll with "
        + "useProbabilities: false give margins, NaiveBayes log-probabilities, TextClassification and MultilayerPerceptron logits.");

    public static readonly DiagnosticDescriptor UncalibratedPrediction = new(
        "MLSM004", "PredictedLabel is the trainer's, not that of the calibrated probabilities",
        "'{0}' can change which class is the most probable, but PredictedLabel is still the trainer's. "
        + "Append Transforms.Decide after the calibrator.",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true,
        "VectorScaling, MatrixScaling, Dirichlet and Isotonic can change which class is the most probable. The trainer's PredictedLabel "
        + "does not follow; Transforms.Decide replaces it. Temperature never changes the order.");
}

/// <summary>The base class of the analyzers. Each has one rule and checks every call.</summary>
public abstract class InvocationAnalyzer : DiagnosticAnalyzer
{
    private protected InvocationAnalyzer(DiagnosticDescriptor rule) => SupportedDiagnostics = [rule];

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);
    }

    private protected abstract void Analyze(OperationAnalysisContext context);
}
