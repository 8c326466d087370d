using System.Reflection;

namespace MLNet.Softmax.Tests;

/// <summary>Every extension method, and every method of the calibrators: null is refused where the signature does not allow it.</summary>
public class NullArgumentTests
{
    private static readonly MLContext MLContext = new(seed: 1);

    public static TheoryData<string> Methods() => [.. All().Select(Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Null_WhereItIsNotAllowed_IsRefusedByName(string name)
    {
        var method = All().Single(one => Name(one) == name);
        var parameters = method.GetParameters();
        object? target = method.IsStatic ? null : MLContext.MulticlassClassification.Calibrators;
        var nullability = new NullabilityInfoContext();
        for (var index = 0; index < parameters.Length; index++)
        {
            var parameter = parameters[index];
            if (parameter.ParameterType.IsValueType || nullability.Create(parameter).WriteState == NullabilityState.Nullable)
                continue;
            var arguments = Array.ConvertAll(parameters, Allowed);
            arguments[index] = null;
            var error = Assert.Throws<TargetInvocationException>(() => method.Invoke(target, arguments)).InnerException;
            // Options name the parameter that they were made of.
            var named = Assert.IsAssignableFrom<ArgumentNullException>(error).ParamName!.Split('.')[^1];
            Assert.Equal(parameter.Name, named, ignoreCase: true);
        }
    }

    private static IEnumerable<MethodInfo> All() => typeof(SoftmaxCatalog).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Concat(typeof(MulticlassCalibratorsCatalog).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => method.Name != "ScoresByClass")
        .Select(method => method.IsGenericMethod ? method.MakeGenericMethod(typeof(ITransformer)) : method);

    private static string Name(MethodInfo method) =>
        $"{method.Name}({string.Join(", ", method.GetParameters().Select(one => one.Name))})";

    private static object? Allowed(ParameterInfo parameter) => parameter.ParameterType switch
    {
        _ when parameter.HasDefaultValue => parameter.DefaultValue,
        var type when type == typeof(string) => "Name",
        var type when type == typeof(TransformsCatalog) => MLContext.Transforms,
        var type when type == typeof(MulticlassClassificationCatalog) => MLContext.MulticlassClassification,
        var type when type == typeof(MulticlassClassificationCatalog.MulticlassClassificationTrainers) =>
            MLContext.MulticlassClassification.Trainers,
        var type when type == typeof(IDataView) => RandomRowsView(),
        var type when type == typeof(ThresholdGoal) => ThresholdGoal.FBeta(),
        var type when type == typeof(DecideTransformer) => MLContext.Transforms.Decide(minimumConfidence: 0.5f).Fit(RandomRowsView()),
        var type when type.IsInterface => MLContext.Transforms.Softmax("P", "Probability", scoreKind: ScoreKind.Logits),
        var type => Activator.CreateInstance(type),
    };

    private static MemoryView RandomRowsView() => new MemoryView()
        .WithScores("Probability", [2], [[0.5f, 0.5f], [0.25f, 0.75f]]).WithKeys("Label", 2, [1, 2]);
}
