using System.Reflection;
using Microsoft.ML;

namespace MLNet.Softmax.Tests;

/// <summary>ML.NET's own multiclass trainers, found by name, because only the real packages have them.</summary>
internal static class MLNetTrainers
{
    /// <summary>The trainer of the name <paramref name="name"/> with its defaults, on Label and Features; skips the test where it is absent.</summary>
    public static IEstimator<ITransformer> Create(MLContext mlContext, string name)
    {
        var catalog = Type.GetType("Microsoft.ML.StandardTrainersCatalog, Microsoft.ML.StandardTrainers");
        Assert.SkipWhen(catalog is null, $"The trainer {name} is not here: it comes with the real ML.NET (-p:MLNet=5.0.0).");
        if (name != "OneVersusAll") return Call(catalog!, mlContext.MulticlassClassification.Trainers, name);
        var binary = typeof(MLContext).GetProperty("BinaryClassification")!.GetValue(mlContext)!;
        var binaryTrainer = Call(catalog!, binary.GetType().GetProperty("Trainers")!.GetValue(binary)!, "LbfgsLogisticRegression");
        return Call(catalog!, mlContext.MulticlassClassification.Trainers, name, binaryTrainer);
    }

    private static IEstimator<ITransformer> Call(Type catalog, object trainers, string name, params object[] first)
    {
        var method = catalog.GetMethods().Where(method => method.Name == name && method.GetParameters()[0].ParameterType == trainers.GetType())
            .First(method => method.GetParameters()[(1 + first.Length)..].All(parameter => parameter.IsOptional));
        if (method.IsGenericMethodDefinition)
        {
            var estimator = first[0].GetType().GetInterfaces().Single(type => type.IsGenericType && type.GetGenericTypeDefinition().Name == "ITrainerEstimator`2");
            method = method.MakeGenericMethod(estimator.GetGenericArguments()[1]);
        }

        var defaults = method.GetParameters()[(1 + first.Length)..].Select(parameter => parameter.DefaultValue);
        return (IEstimator<ITransformer>)method.Invoke(null, [trainers, .. first, .. defaults])!;
    }
}
