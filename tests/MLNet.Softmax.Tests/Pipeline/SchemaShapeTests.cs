using System.Reflection;

namespace MLNet.Softmax.Tests;

/// <summary>The shape that an estimator promises, which chains rely on before they fit it, is that of the data that comes.</summary>
public class SchemaShapeTests
{
    private static readonly string[] Names = ["ant", "bee", "cat"];

    private static readonly Dictionary<string, DataViewSchema.Annotations?> Annotations = new()
    {
        ["no names"] = null,
        ["slot names"] = Labels.SlotNames(Names),
        ["numbers"] = Labels.TrainingLabelValues(NumberDataViewType.Int32, 4, 5, 6),
        ["both"] = Labels.Merge(Labels.SlotNames(Names), Labels.TrainingLabelValues(NumberDataViewType.Int32, 4, 5, 6)),
    };

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string, string> Cases => [.. from step in Steps(new MLContext(1)).Keys from names in Annotations.Keys
        select (step, names)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void GetOutputSchema_OfAnEstimator_IsTheShapeOfItsOutput(string step, string names)
    {
        var drawn = Calibration.CalibrationViews.Drawn(60, 2);
        float[][] scores = [.. drawn.Column("Score")];
        float[][] probabilities = [.. scores.Select(row => Scores.NaiveSoftmax(row).Select(p => (float)p).ToArray())];
        var data = new MemoryView().WithKeys("Label", 3, [.. drawn.GetColumn<uint>("Label")],
                Labels.KeyValues(names == "numbers" ? ["4", "5", "6"] : Names))
            .WithScores("Score", [3], scores, Annotations[names]).WithScores("Probability", [3], probabilities, Annotations[names])
            .WithScores("Replaced", [3], scores).With("Weight", NumberDataViewType.Single, [.. scores.Select(_ => 1f)]);
        var estimator = Steps(_mlContext)[step];

        var promised = Lines(estimator.GetOutputSchema(ShapeOf(data.Schema)));

        Assert.Equal(Lines(ShapeOf(estimator.Fit(data).GetOutputSchema(data.Schema))), promised);
        Assert.InRange(promised.Length, 5, 9);
    }

    [Theory]
    [InlineData("Temperature", "Label", "Score", "Weight")]
    [InlineData("VectorScaling", "Label", "Score")]
    [InlineData("Isotonic", "Label", "Score")]
    [InlineData("PredictionSet", "Label", "Probability", "Weight")]
    [InlineData("Threshold", "Label", "Probability")]
    [InlineData("CrossFit", "Label", "Score")]
    [InlineData("MultilayerPerceptron", "Label", "Replaced")]
    [InlineData("Softmax", "Score")]
    [InlineData("LogSoftmax", "Score")]
    [InlineData("TopK", "Score")]
    [InlineData("Decide", "Probability")]
    public void GetOutputSchema_WithoutAColumnThatTheEstimatorReads_NamesIt(string step, params string[] columns)
    {
        var estimator = Steps(_mlContext)[step];
        SchemaShape.Column[] all =
        [
            .. ((string[])["Score", "Probability", "Replaced"]).Select(name => SchemaShapes.Vector(name, NumberDataViewType.Single)),
            SchemaShapes.Scalar("Weight", NumberDataViewType.Single),
            ShapeOf(new MemoryView().WithKeys("Label", 3, []).Schema).Single(),
        ];
        Assert.NotEmpty(estimator.GetOutputSchema(new(all)));
        foreach (var missing in columns)
        {
            Refusal.Of<ArgumentOutOfRangeException>(
                () => estimator.GetOutputSchema(new(all.Where(column => column.Name != missing))), $"Column '{missing}' is missing.");
        }
    }

    private static Dictionary<string, IEstimator<ITransformer>> Steps(MLContext mlContext)
    {
        var (transforms, calibrators) = (mlContext.Transforms, mlContext.MulticlassClassification.Calibrators);
        return new()
        {
            ["Softmax"] = transforms.Softmax("Replaced", "Score"),
            ["LogSoftmax"] = transforms.LogSoftmax("Log", "Score"),
            ["TopK"] = transforms.TopK("Top", "Score", k: 2),
            ["Decide"] = transforms.Decide("Replaced"),
            ["Decide, IsSure"] = transforms.Decide(new DecisionOptions { AddIsSure = true }),
            ["Temperature"] = calibrators.Temperature(exampleWeightColumnName: "Weight"),
            ["VectorScaling"] = calibrators.VectorScaling(probabilityColumnName: "P"),
            ["Isotonic"] = calibrators.Isotonic(),
            ["PredictionSet"] = calibrators.PredictionSet(exampleWeightColumnName: "Weight"),
            ["Threshold"] = calibrators.Threshold(ThresholdGoal.Precision(0.1)),
            ["Threshold, IsSure"] = calibrators.Threshold(new() { Goal = ThresholdGoal.Precision(0.1), AddIsSure = true }),
            ["CrossFit"] = calibrators.CrossFit(
                transforms.Softmax("P", "Score"), calibrators.Temperature(scoreColumnName: "P"), folds: 2, scoreColumnName: "P"),
            ["MultilayerPerceptron"] = mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(
                featureColumnName: "Replaced", hiddenLayers: [], epochCount: 1),
        };
    }

    /// <summary>ML.NET's own conversion, which is internal.</summary>
    private static SchemaShape ShapeOf(DataViewSchema schema) => (SchemaShape)typeof(SchemaShape)
        .GetMethod("Create", BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, [schema])!;

    private static string[] Lines(SchemaShape shape) =>
    [
        .. shape.Select(column => Line(column) + string.Concat(column.Annotations.Select(Line).Order(StringComparer.Ordinal)))
            .Order(StringComparer.Ordinal),
    ];

    private static string Line(SchemaShape.Column column) => $"{column.Name}: {column.Kind} {column.ItemType} {column.IsKey}; ";
}
