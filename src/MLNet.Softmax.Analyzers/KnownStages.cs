namespace MLNet.Softmax.Analyzers;

/// <summary>Recognises the calls that the rules check, by the names of ML.NET and this library.</summary>
internal static class KnownStages
{
    private static readonly ImmutableHashSet<string> ProbabilityTrainers =
        ["ImageClassification", "SdcaMaximumEntropy", "LbfgsMaximumEntropy", "LightGbm", "PairwiseCoupling"];

    private static readonly ImmutableHashSet<string> RawScoreTrainers =
        ["SdcaNonCalibrated", "NaiveBayes", "TextClassification", "MultilayerPerceptron"];

    public static bool IsTrainer(this IInvocationOperation invocation) => PipelineStages.Receiver(invocation)?.Type
        is { Name: "MulticlassClassificationTrainers" } or { ContainingType.Name: "MulticlassClassificationTrainers" };

    /// <summary>
    /// A trainer that outputs probabilities in Score, our Softmax, or a calibrator. The logarithms of LogSoftmax are valid logits.
    /// </summary>
    public static bool GivesProbabilities(this IInvocationOperation invocation) => invocation.IsTrainer()
        ? ProbabilityTrainers.Contains(invocation.TargetMethod.Name) || invocation.IsOneVersusAll(useProbabilities: true)
        : (invocation.IsSoftmax() && invocation.TargetMethod.Name == "Softmax") || invocation.IsCalibrator();

    public static bool GivesRawScores(this IInvocationOperation invocation) => invocation.IsTrainer()
        && (RawScoreTrainers.Contains(invocation.TargetMethod.Name) || invocation.IsOneVersusAll(useProbabilities: false));

    public static bool IsSoftmax(this IInvocationOperation invocation) =>
        invocation.TargetMethod is { Name: "Softmax" or "LogSoftmax", ContainingAssembly.Name: "MLNet.Softmax" };

    /// <summary>Everything that the Calibrators catalog creates is a calibrator, except CrossFit, which holds out rows itself.</summary>
    public static bool IsCalibrator(this IInvocationOperation invocation) =>
        invocation.TargetMethod.Name != "CrossFit" && invocation.TargetMethod.ContainingAssembly?.Name == "MLNet.Softmax"
        && PipelineStages.Receiver(invocation)?.Type?.Name == "MulticlassCalibratorsCatalog";

    /// <summary>A calibrator that can change which class is the most probable.</summary>
    public static bool CanChangeOrder(this IInvocationOperation invocation) =>
        invocation.IsCalibrator() && invocation.TargetMethod.Name is "VectorScaling" or "MatrixScaling" or "Dirichlet" or "Isotonic";

    /// <summary>Decide or Calibrators.Threshold, which replace PredictedLabel.</summary>
    public static bool IsDecision(this IInvocationOperation invocation) =>
        invocation.TargetMethod is { Name: "Decide" or "Threshold", ContainingAssembly.Name: "MLNet.Softmax" };

    /// <summary>ML.NET's MapKeyToValue of this column. A call with several columns is not recognised.</summary>
    public static bool IsMapKeyToValue(this IInvocationOperation invocation, string column) =>
        invocation.TargetMethod.Name == "MapKeyToValue"
        && (invocation.IsGiven("inputColumnName") ? invocation.Text("inputColumnName") : invocation.Text("outputColumnName")) == column;

    /// <summary>The column that a Softmax reads; null if the code does not give it as a constant.</summary>
    public static string? InputColumn(this IInvocationOperation softmax) =>
        softmax.IsGiven("inputColumnName") ? softmax.Text("inputColumnName") : softmax.Text("outputColumnName");

    /// <summary>
    /// The column of class scores that a trainer, Softmax or calibrator adds; null if the code does not give it as a constant.
    /// </summary>
    public static string? OutputColumn(this IInvocationOperation stage) =>
        stage.IsSoftmax() ? stage.Text("outputColumnName")
        : stage.IsCalibrator() ? stage.Text("probabilityColumnName")
        : stage.IsGiven("scoreColumnName") ? stage.Text("scoreColumnName") : "Score";

    /// <summary>The estimator that a <c>Fit</c> call fits, and the rows it is fitted on.</summary>
    public static (IOperation? Estimator, IOperation Data)? AsFit(this IInvocationOperation invocation) => AppliedToData(invocation, "Fit");

    /// <summary>The model that a <c>Transform</c> call applies, and the rows it is applied to.</summary>
    public static (IOperation? Model, IOperation Data)? AsTransform(this IInvocationOperation invocation) =>
        AppliedToData(invocation, "Transform");

    private static (IOperation? Receiver, IOperation Data)? AppliedToData(IInvocationOperation invocation, string method) =>
        invocation.TargetMethod.Name == method && PipelineStages.Receiver(invocation) is { } receiver
        && invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Type.Name == "IDataView")?.Value is { } data
        ? (receiver, data) : null;

    /// <summary>Whether this is a OneVersusAll with this useProbabilities, given as a constant or left at its default of true.</summary>
    private static bool IsOneVersusAll(this IInvocationOperation trainer, bool useProbabilities) =>
        trainer.TargetMethod.Name == "OneVersusAll"
        && (trainer.Argument("useProbabilities") is not { } argument ? useProbabilities
            : argument.Value.ConstantValue is { HasValue: true, Value: bool value } && value == useProbabilities);

    private static bool IsGiven(this IInvocationOperation invocation, string parameterName) =>
        invocation.Argument(parameterName) is { } argument && argument.Value.ConstantValue is not { HasValue: true, Value: null };

    /// <summary>
    /// The text of a parameter (or its default) or of a local variable that is assigned once; null if it is not a constant.
    /// </summary>
    public static string? Text(this IInvocationOperation invocation, string parameterName) =>
        LocalOrigin.Of(invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameterName)?.Value)
            ?.ConstantValue is { HasValue: true, Value: string text } ? text : null;
}
