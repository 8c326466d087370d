using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace MLNet.Softmax.Analyzers;

/// <summary>Recognises the calls that the rules are about, by ML.NET's and this library's names.</summary>
internal static class KnownStages
{
    private static readonly ImmutableHashSet<string> ProbabilityTrainers = ["ImageClassification", "SdcaMaximumEntropy", "LbfgsMaximumEntropy"];
    private static readonly ImmutableHashSet<string> RawScoreTrainers = ["SdcaNonCalibrated", "NaiveBayes"];

    public static bool IsTrainer(this IInvocationOperation invocation) =>
        PipelineStages.Receiver(invocation)?.Type is { Name: "MulticlassClassificationTrainers" } or { ContainingType.Name: "MulticlassClassificationTrainers" };

    public static bool GivesProbabilities(this IInvocationOperation invocation) => invocation.IsTrainer() && ProbabilityTrainers.Contains(invocation.TargetMethod.Name);

    public static bool GivesRawScores(this IInvocationOperation invocation) => invocation.IsTrainer() && RawScoreTrainers.Contains(invocation.TargetMethod.Name);

    public static bool IsSoftmax(this IInvocationOperation invocation) =>
        invocation.TargetMethod is { Name: "Softmax" or "LogSoftmax", ContainingAssembly.Name: "MLNet.Softmax" };

    /// <summary>A calibrator is what the Calibrators catalog makes, CrossFit apart, which holds rows out by itself.</summary>
    public static bool IsCalibrator(this IInvocationOperation invocation) =>
        invocation.TargetMethod.Name != "CrossFit" && invocation.TargetMethod.ContainingAssembly?.Name == "MLNet.Softmax"
        && PipelineStages.Receiver(invocation)?.Type?.Name.IndexOf("Calibrator", StringComparison.Ordinal) >= 0;

    /// <summary>The estimator that a <c>Fit</c> call fits, and the rows it is fitted on.</summary>
    public static (IOperation? Estimator, IOperation Data)? AsFit(this IInvocationOperation invocation) =>
        invocation.TargetMethod.Name == "Fit" && PipelineStages.Receiver(invocation) is { } estimator && DataArgument(invocation) is { } data ? (estimator, data) : null;

    /// <summary>The model that a <c>Transform</c> call applies, and the rows it is applied to.</summary>
    public static (IOperation? Model, IOperation Data)? AsTransform(this IInvocationOperation invocation) =>
        invocation.TargetMethod.Name == "Transform" && PipelineStages.Receiver(invocation) is { } model && DataArgument(invocation) is { } data ? (model, data) : null;

    private static IOperation? DataArgument(IInvocationOperation invocation) =>
        invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Type.Name == "IDataView")?.Value;
}
