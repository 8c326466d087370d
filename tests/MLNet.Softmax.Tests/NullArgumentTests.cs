using System.Reflection;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.Charts;
using MLNet.Softmax.Tests.Evaluation.Report;

namespace MLNet.Softmax.Tests;

/// <summary>
/// Every extension method, every method of the calibrators, and every constructor and method of the evaluation and its charts: null is
/// refused where the signature does not allow it. Those of the catalogs also refuse an empty name of a column.
/// </summary>
public class NullArgumentTests
{
    private static readonly MLContext MLContext = new(seed: 1);
    private static readonly ProbabilityMetrics Metrics = ReportSample.Evaluate(2);

    public static TheoryData<string> Methods() => [.. All().Select(Name)];

    public static TheoryData<string> CatalogMethods() => [.. OfCatalogs().Select(Name)];

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
    [MemberData(nameof(CatalogMethods))]
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
    private static Exception? Refused(MethodBase method, Action<object?[]> change)
    {
        var arguments = Array.ConvertAll(method.GetParameters(), Allowed);
        change(arguments);
        return Assert.Throws<TargetInvocationException>(
            () => method is ConstructorInfo constructor ? constructor.Invoke(arguments) : method.Invoke(Target(method), arguments))
            .InnerException;
    }

    /// <summary>Options name the parameter that they were made of.</summary>
    private static string Named(ArgumentException error) => error.ParamName!.Split('.')[^1];

    private static IEnumerable<MethodBase> OfCatalogs() => typeof(SoftmaxCatalog).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Concat(typeof(MulticlassCalibratorsCatalog).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => method.Name != "ScoresByClass")
        .Select(method => method.IsGenericMethod ? method.MakeGenericMethod(typeof(ITransformer)) : method);

    private static IEnumerable<MethodBase> All() => OfCatalogs()
        .Concat(typeof(ProbabilityEvaluator).Assembly.GetExportedTypes()
            .Where(type => !type.IsValueType && type.GetMethod("<Clone>$") is null)
            .SelectMany(type => type.GetMembers(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly).OfType<MethodBase>())
            .Where(method => !method.IsSpecialName || method.IsConstructor || method.Name == "set_Title")
            .Where(method => !method.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike)));

    private static string Name(MethodBase method)
    {
        var parameters = method.GetParameters().Select(one => $"{one.ParameterType.Name} {one.Name}");
        return $"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", parameters)})";
    }

    private static object? Target(MethodBase method) => method switch
    {
        { IsStatic: true } => null,
        { DeclaringType: var type } when type == typeof(ProbabilityEvaluator) => new ProbabilityEvaluator(["a", "b"]),
        { DeclaringType: var type } when type == typeof(DecisionEvaluator) => new DecisionEvaluator(["a", "b"]),
        { DeclaringType: var type } when type == typeof(ProbabilityMetrics) => Metrics,
        { DeclaringType: var type } when type == typeof(ProbabilityReportOptions) => new ProbabilityReportOptions(),
        { DeclaringType: var type } when type == typeof(Chart) => new TopKCurve([1]),
        _ => MLContext.MulticlassClassification.Calibrators,
    };

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
        var type when type == typeof(RowsLeftOut) => RowsLeftOut.None,
        var type when type == typeof(ThresholdFit) => Threshold(),
        var type when type == typeof(ProbabilityEvaluator) => new ProbabilityEvaluator(["a", "b"]),
        var type when type == typeof(Stream) => new MemoryStream(),
        var type when type == typeof(ProbabilityMetrics) => Metrics,
        var type when type == typeof(ConfusionTable) => Metrics.Confusion,
        var type when type == typeof(double[,]) => new double[2, 2],
        var type when type.IsAssignableFrom(typeof(string[])) => new[] { "a", "b" },
        var type when type.IsAssignableFrom(typeof(float[])) => new[] { 0.25f, 0.75f },
        var type when type.IsAssignableFrom(typeof(bool[])) => new[] { true, false },
        var type when type.IsInterface => MLContext.Transforms.Softmax("P", "Probability", scoreKind: ScoreKind.Logits),
        var type => New(type),
    };

    private static object New(Type type) => Activator.CreateInstance(type)!;

    private static ThresholdFit Threshold()
    {
        var rows = new ThresholdRows(2, positiveClass: 1);
        rows.Add([0.25f, 0.75f], 1);
        rows.Add([0.75f, 0.25f], 0);
        return rows.Evaluate(0.5f, ThresholdGoal.FBeta());
    }

    private static MemoryView RandomRowsView() => new MemoryView()
        .WithScores("Probability", [2], [[0.5f, 0.5f], [0.25f, 0.75f]]).WithKeys("Label", 2, [1, 2]);
}
