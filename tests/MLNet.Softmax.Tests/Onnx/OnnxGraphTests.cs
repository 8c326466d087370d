using System.Text;

namespace MLNet.Softmax.Tests;

/// <summary>The graphs of all steps as approved texts: operators, names, shapes and attributes.</summary>
public class OnnxGraphTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Graphs_OfAllSteps_AreTheApprovedOnes()
    {
        var (_, data) = SavedModelSamples.Of("Softmax.Softmax");
        var text = new StringBuilder();
        foreach (var type in SavedModelTests.Declared().Where(type => type != typeof(PredictionSetTransformer)))
        {
            var (transformer, rows) = SavedModelSamples.Of(ModelFormatAttribute.Of(type).LoaderSignature);
            text.Append(GraphText(transformer, rows));
        }

        text.Append(GraphText(new TopKTransformer("Top", "Score", 2, ["x", "y", "z"]), data));
        text.Append(GraphText(new DecideTransformer(
            new("Decided", "Score", false, 0.25f, [], new float[,] { { 0, 1, 4 }, { 1, 0, 4 }, { 1, 1, 0 }, { 2, 2, 2 } }), null), data));
        var matrix = new MemoryView().WithScores("Score", [3, 1], Scores.LogitRows(5));
        text.Append(GraphText(SavedModelSamples.Of("Softmax.Isotonic").Transformer, matrix));
        text.Append(GraphText(Perceptron(), data));
        ApprovedText.Check("MLNet.Softmax.Tests/Approved/onnx-graphs", text.ToString());
    }

    /// <summary>ML.NET itself asks for the operators of version 9, which are enough for the other steps.</summary>
    [Theory]
    [InlineData("Softmax.TopK", 10)]
    [InlineData("Softmax.Decide", 12)]
    [InlineData("Softmax.Isotonic", 11)]
    public void OperatorsThatAreTooOld_AreRefusedInTheNameOfTheStep(string loaderSignature, int first)
    {
        var (transformer, data) = SavedModelSamples.Of(loaderSignature);
        using var stream = new MemoryStream();
        var error = Assert.ThrowsAny<Exception>(() => _mlContext.Model.ConvertToOnnx(transformer, data, first - 1, stream));
        Assert.Contains(transformer.GetType().Name, error.Message, StringComparison.Ordinal);
        Assert.Contains($" {first}", error.Message, StringComparison.Ordinal);

        _mlContext.Model.ConvertToOnnx(transformer, data, first, stream);
        OnnxParity.Session(stream.ToArray()).Dispose();
    }

    /// <summary>A network of three features, two hidden units and two classes.</summary>
    private MulticlassPredictionTransformer<MultilayerPerceptronModelParameters> Perceptron()
    {
        var data = new MemoryView().WithScores("Score", [3], Scores.LogitRows(4)).WithKeys("Label", 2, [1, 2, 1, 2]);
        return _mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(
            featureColumnName: "Score", hiddenLayers: [2], epochCount: 1).Fit(data);
    }

    private string GraphText(ITransformer transformer, IDataView data)
    {
        var graph = OnnxParity.Fields(OnnxParity.Export(_mlContext, transformer, data)).Single(field => field.Field == 7).Bytes;
        var text = new StringBuilder($"{transformer.GetType().Name.Split('`')[0]}\n");
        foreach (var (field, bytes, _) in OnnxParity.Fields(graph))
        {
            // Field 1 of a graph is a node, field 5 a constant, field 12 an output.
            if (field == 1)
                text.Append("  ").Append(Node(bytes)).Append('\n');
            else if (field == 5)
                text.Append("  ").Append(Constant(bytes)).Append('\n');
            else if (field == 12)
                text.Append("  output ").Append(Text(bytes, 1).Single()).Append('\n');
        }

        return text.Append('\n').ToString();
    }

    private static string Node(byte[] node)
    {
        var attributes = OnnxParity.Fields(node).Where(field => field.Field == 5).Select(field => Attribute(field.Bytes));
        var domain = Text(node, 7).SingleOrDefault();
        return $"{string.Join(", ", Text(node, 2))} = {(string.IsNullOrEmpty(domain) ? "" : $"{domain}.")}{Text(node, 4).Single()}"
            + $"({string.Join(", ", [.. Text(node, 1), .. attributes])})";
    }

    /// <summary>Field 1 is the name, 3 a number, 8 numbers, 9 texts; a number of 0 is not written.</summary>
    private static string Attribute(byte[] attribute)
    {
        var number = OnnxParity.Fields(attribute).Where(field => field.Field == 3).Select(field => $"{field.Number}");
        var numbers = OnnxParity.Fields(attribute).Where(field => field.Field == 8).SelectMany(field => Numbers(field.Bytes, field.Number));
        string[] values = [.. number, .. numbers, .. Text(attribute, 9)];
        return $"{Text(attribute, 1).Single()}: {(values.Length == 0 ? "0" : string.Join(" ", values))}";
    }

    /// <summary>Field 1 holds the lengths of the dimensions, field 8 the name.</summary>
    private static string Constant(byte[] constant) => $"constant {Text(constant, 8).Single()} [" + string.Join(
        " x ", OnnxParity.Fields(constant).Where(field => field.Field == 1).SelectMany(field => Numbers(field.Bytes, field.Number))) + "]";

    private static IEnumerable<string> Text(byte[] message, int number) =>
        OnnxParity.Fields(message).Where(field => field.Field == number).Select(field => Encoding.UTF8.GetString(field.Bytes));

    /// <summary>Numbers are packed into one field, or have a field each.</summary>
    private static IEnumerable<string> Numbers(byte[] packed, long single)
    {
        if (packed.Length == 0)
            return [$"{single}"];
        using var reader = new BinaryReader(new MemoryStream(packed));
        var numbers = new List<string>();
        while (reader.BaseStream.Position < packed.Length)
            numbers.Add($"{reader.Read7BitEncodedInt64()}");
        return numbers;
    }
}
