using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MLNet.Softmax.Evaluation;

namespace MLNet.Softmax.Tests.Options;

/// <summary>The defaults of all options are those that their documentation states; those that it does not state are listed here.</summary>
public partial class DocumentedDefaultsTests
{
    private static readonly Assembly[] Libraries =
        [typeof(SoftmaxTransformer).Assembly, typeof(ProbabilityEvaluationOptions).Assembly, typeof(BootstrapOptions).Assembly];

    private static readonly Dictionary<string, XElement> Documentation = Libraries
        .SelectMany(library => XDocument.Load(Path.ChangeExtension(library.Location, ".xml")).Descendants("member"))
        .ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>Where the documentation names a default otherwise than <see cref="Shown"/> does.</summary>
    private static readonly Dictionary<string, string> Worded = new()
    {
        ["15 bins (lower, upper]"] = "15 bins, UpperInclusive",
        ["one layer of 64"] = "64",
        ["the highest F1"] = "highest F1",
        ["on average"] = "OnAverage",
    };

    private static readonly Dictionary<string, string> NotStated = new()
    {
        ["LabelColumnName"] = "Label",
        ["ScoreColumnName"] = "Score",
        ["InputColumnName"] = "Probability",
        ["ProbabilityColumnName"] = "Probability",
        ["PredictionSetColumnName"] = "PredictionSet",
        ["OutputColumnName"] = "PredictedLabel",
        ["ScoreKind"] = "Auto",
        ["Thresholds"] = "",
        ["AddIsSure"] = "false",
        ["BalanceClasses"] = "false",
        ["RocAuc"] = "true",
        ["AdaptiveCalibration"] = "true",
        ["KeepRows"] = "true",
        ["Bootstrap"] = "null",
        ["FixedTemperature"] = "null",
        ["Progress"] = "null",
        ["PositiveClass"] = "null",
        ["RowNameColumnName"] = "null",
        ["PredictionSetOptions.Seed"] = "0",
    };

    public static TheoryData<Type> OptionTypes() =>
        [.. Libraries.SelectMany(library => library.GetExportedTypes())
            .Where(type => type.Name.Split('`')[0].EndsWith("Options", StringComparison.Ordinal) && !type.IsByRefLike && !type.IsAbstract)
            .Select(type => type.IsGenericTypeDefinition ? type.MakeGenericType(typeof(FitOptions)) : type)];

    [Theory]
    [MemberData(nameof(OptionTypes))]
    public void Default_OfEveryOption_IsTheOneThatItsDocumentationStates(Type type)
    {
        var options = Activator.CreateInstance(type);
        // The options of a fit are a type of their own.
        string[] without = ["Fitting", "CancellationToken"];
        foreach (var property in type.GetProperties().Where(property => property.CanWrite && !without.Contains(property.Name)))
        {
            var name = $"{type.Name}.{property.Name}";
            var actual = Shown(property.GetValue(options));
            if (StatedDefault(property) is { } stated)
                Assert.Equal($"{name} = {stated}", $"{name} = {(IsNumber(stated) ? Plain(actual) : actual)}");
            else if (NotStated.TryGetValue(name, out var listed) || NotStated.TryGetValue(property.Name, out listed))
                Assert.Equal($"{name} = {listed}", $"{name} = {actual}");
            else
                Assert.Fail($"{name}: the documentation states no default. Let it state one, or list it here.");
        }
    }

    [Fact]
    public void OptionTypes_AreAllThatThereAre() => Assert.Equal(12, OptionTypes().Count);

    [Fact]
    public void CatalogParameters_HaveTheDefaultsOfTheOptions()
    {
        (MethodInfo Method, object Options)[] pairs =
        [
            (Method(typeof(SoftmaxCatalog), "MultilayerPerceptron"), new MultilayerPerceptronOptions()),
            (Method(typeof(SoftmaxCatalog), "Decide"), new DecisionOptions()),
            (Method(typeof(MulticlassCalibratorsCatalog), "PredictionSet"), new PredictionSetCalibratorOptions()),
            (Method(typeof(MulticlassCalibratorsCatalog), "PredictionSet"), new PredictionSetOptions()),
            (Method(typeof(MulticlassCalibratorsCatalog), "Threshold"), new ThresholdCalibratorOptions()),
            .. ((string[])["Temperature", "VectorScaling", "MatrixScaling", "Dirichlet", "Isotonic"])
                .Select(name => (Method(typeof(MulticlassCalibratorsCatalog), name), (object)new CalibratorOptions<FitOptions>())),
        ];
        var compared = 0;
        foreach (var (method, options) in pairs)
        {
            foreach (var parameter in method.GetParameters().Where(one => one.HasDefaultValue && one.Name != "hiddenLayers"))
            {
                if (options.GetType().GetProperty($"{char.ToUpperInvariant(parameter.Name![0])}{parameter.Name[1..]}") is not { } property)
                    continue;
                var value = parameter.DefaultValue is int number && property.PropertyType.IsEnum
                    ? Enum.ToObject(property.PropertyType, number) : parameter.DefaultValue;
                Assert.Equal($"{method.Name} {parameter.Name} {Shown(property.GetValue(options))}",
                    $"{method.Name} {parameter.Name} {Shown(value)}");
                compared++;
            }
        }

        Assert.Equal(49, compared);
        Assert.Equal((5, 5, 0), (Default("TopK", "k"), Default("CrossFit", "folds"), Default("CrossFit", "seed")));
        Assert.Equal((1f, 1f), (Default("Softmax", "temperature"), Default("LogSoftmax", "temperature")));
    }

    private static object? Default(string method, string parameter) =>
        (typeof(MulticlassCalibratorsCatalog).GetMethod(method) ?? Method(typeof(SoftmaxCatalog), method))
            .GetParameters().Single(one => one.Name == parameter).DefaultValue;

    /// <summary>The overload with the most parameters.</summary>
    private static MethodInfo Method(Type type, string name) =>
        type.GetMethods().Where(method => method.Name == name).MaxBy(method => method.GetParameters().Length)!;

    private static string? StatedDefault(PropertyInfo property)
    {
        var declaring = property.DeclaringType!;
        var type = declaring.IsGenericType ? declaring.GetGenericTypeDefinition() : declaring;
        var summary = Regex.Replace(Documentation[$"P:{type.FullName}.{property.Name}"].Element("summary")!.Value, @"\s+", " ").Trim();
        var worded = Worded.Keys.FirstOrDefault(words => summary.Contains(words, StringComparison.Ordinal));
        if (worded is not null)
            return Worded[worded];
        var match = Stated().Match(summary);
        return match.Success ? Plain(match.Groups["value"].Value) : null;
    }

    /// <summary>"30 unless set", "0.95 by default", "Null, the default", "Default 0.001", "null for none".</summary>
    [GeneratedRegex("""
        (?<value>"[^"]+"|[^ ]+)(?:\ \([^)]*\))?\ (?:unless\ set|by\ default)
        |(?<value>[^ ]+),\ the\ default
        |Default\ (?<value>"[^"]+"|[^ ]+?)[.:]?(?:\ |$)
        |(?<value>null)\ for\ none
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Stated();

    private static bool IsNumber(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out _);

    private static string Plain(string value)
    {
        var text = value.Trim('"');
        return double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number.ToString("R", CultureInfo.InvariantCulture)
            : text is "Null" or "True" or "False" or "LAC" ? text is "LAC" ? "Lac" : text.ToLowerInvariant()
            : text;
    }

    private static string Shown(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        string text => text,
        float single => single.ToString("R", CultureInfo.InvariantCulture),
        IEnumerable items => string.Join(", ", items.Cast<object>().Select(Shown)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
