using System.Reflection;

namespace MLNet.Softmax.Tests;

/// <summary>
/// Every extension method, and every method of the calibrators: null is refused where the signature does not allow it, and an empty name
/// of a column is refused everywhere.
/// </summary>
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
        var nullability = new NullabilityInfoContext();
        for (var index = 0; index < parameters.Length; index++)
        {
            var parameter = parameters[index];
            if (parameter.ParameterType.IsValueType || nullability.Create(parameter).WriteState == NullabilityState.Nullable)
                continue;
            var error = Refused(method, arguments => arguments[index] = null);
            Assert.Equal(parameter.Name, Named(Assert.IsAssignableFrom<ArgumentNullException>(error)), ignoreCase: true);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void EmptyColumnName_IsRefusedByName(string name)
    {
        var method = All().Single(one => Name(one) == name);
        foreach (var parameter in method.GetParameters())
        {
            if (IsColumn(parameter.Name!))
                Refuses(parameter.Name!, arguments => arguments[parameter.Position] = "");
            foreach (var option in parameter.ParameterType.GetProperties().Where(property => property.CanWrite && IsColumn(property.Name)))
                Refuses(option.Name, arguments => option.SetValue(arguments[parameter.Position] ??= New(parameter.ParameterType), ""));
        }

        void Refuses(string column, Action<object?[]> change)
        {
            var error = Assert.IsType<ArgumentException>(Refused(method, change));
            Assert.Equal(column, Named(error), ignoreCase: true);
            Assert.StartsWith("The value cannot be an empty string", error.Message, StringComparison.Ordinal);
        }

        static bool IsColumn(string name) => name.EndsWith("ColumnName", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("ColumnPrefix", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What a call with allowed arguments, but for one change, ends in.</summary>
    private static Exception? Refused(MethodInfo method, Action<object?[]> change)
    {
        object? target = method.IsStatic ? null : MLContext.MulticlassClassification.Calibrators;
        var arguments = Array.ConvertAll(method.GetParameters(), Allowed);
        change(arguments);
        return Assert.Throws<TargetInvocationException>(() => method.Invoke(target, arguments)).InnerException;
    }

    /// <summary>Options name the parameter that they were made of.</summary>
    private static string Named(ArgumentException error) => error.ParamName!.Split('.')[^1];

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
        var type => New(type),
    };

    private static object New(Type type) => Activator.CreateInstance(type)!;

    private static MemoryView RandomRowsView() => new MemoryView()
        .WithScores("Probability", [2], [[0.5f, 0.5f], [0.25f, 0.75f]]).WithKeys("Label", 2, [1, 2]);
}
