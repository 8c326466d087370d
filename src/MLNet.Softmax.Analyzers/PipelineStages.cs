namespace MLNet.Softmax.Analyzers;

/// <summary>The estimators of a pipeline that was built with <c>Append</c>, in order.</summary>
internal static class PipelineStages
{
    public static IReadOnlyList<IInvocationOperation> Of(IOperation? estimator)
    {
        var stages = new Stack<IInvocationOperation>();
        for (var operation = LocalOrigin.Of(estimator); operation is IInvocationOperation invocation;)
        {
            if (invocation.TargetMethod.Name == "Append" && Appended(invocation) is { } appended)
            {
                foreach (var stage in Of(appended).Reverse())
                    stages.Push(stage);
                operation = LocalOrigin.Of(Receiver(invocation));
            }
            else if (invocation.TargetMethod.Name == "AppendCacheCheckpoint")
            {
                operation = LocalOrigin.Of(Receiver(invocation));
            }
            else
            {
                stages.Push(invocation);
                break;
            }
        }

        return [.. stages];
    }

    /// <summary>
    /// The estimators of a model: those that were fitted and those appended to it; for a CrossFit, of its trainer and its calibrator.
    /// </summary>
    public static IEnumerable<IInvocationOperation> OfModel(IOperation? model) => Of(model).SelectMany(stage =>
        stage.AsFit() is { } fit ? OfModel(fit.Estimator)
        : stage.TargetMethod.Name == "CrossFit"
            ? OfModel(stage.Argument("trainerPipeline")?.Value).Concat(OfModel(stage.Argument("calibrator")?.Value))
        : [stage]);

    /// <summary>What an instance or extension method is called on.</summary>
    public static IOperation? Receiver(IInvocationOperation invocation) =>
        invocation.Instance ?? (invocation.TargetMethod.IsExtensionMethod ? invocation.Arguments.FirstOrDefault()?.Value : null);

    /// <summary>The argument for the parameter with this name; null if the call leaves it at its default.</summary>
    public static IArgumentOperation? Argument(this IInvocationOperation invocation, string parameterName) =>
        invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameterName && !argument.IsImplicit);

    private static IOperation? Appended(IInvocationOperation append) => append.Argument("estimator")?.Value
        ?? append.Arguments.Skip(append.Instance is null ? 1 : 0).FirstOrDefault()?.Value;
}
