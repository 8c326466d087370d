using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNet.Softmax.Numerics;

namespace MLNet.Softmax.Tool.Tests;

/// <summary>What ONNX Runtime computes with a saved calibrator is what the library computes.</summary>
public sealed class CalibrateTests : IDisposable
{
    private readonly ToolRun _tool = new();

    public void Dispose() => _tool.Dispose();

    public static TheoryData<string, bool> Calibrators { get; } = new(
        from method in Calibrator.Methods from areLogits in new[] { true, false } select (method, areLogits));

    [Theory]
    [MemberData(nameof(Calibrators))]
    public void SavedModel_GivesTheLibrarysProbabilities(string method, bool areLogits) =>
        SavedModelIsLikeTheLibrary(areLogits ? Repository.TestData("digits/digits-logits.csv") : AsProbabilities(), method, areLogits);

    /// <summary>The row with the highest probability of class 0 is right and the next one wrong, so the last segment rises.</summary>
    [Fact]
    public void SavedIsotonicModel_OfACurveThatRisesUpToItsEnd_GivesTheLibrarysProbabilities()
    {
        const int RowCount = 50;
        var rows = Enumerable.Range(0, RowCount).Select(row =>
        {
            var (first, second) = (0.25 + (0.01 * row), 0.1 + (0.01 * (row * 7 % 11)));
            var label = row switch { RowCount - 1 => 0, RowCount - 2 => 1, _ => row % 3 };
            return string.Create(CultureInfo.InvariantCulture, $"{label},{first:f2},{second:f2},{1 - first - second:f2}");
        });
        SavedModelIsLikeTheLibrary(_tool.Write("end.csv", string.Join('\n', rows.Prepend("Label,P0,P1,P2"))), "isotonic", areLogits: false);
    }

    /// <summary>The sizes in the file take another byte from 128 bytes on, which the weights of four classes have.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void SavedMatrix_OfFewClasses_GivesTheLibrarysProbabilities(int classCount)
    {
        var random = new Random(classCount);
        var rows = Enumerable.Range(0, 40 * classCount).Select(row => string.Join(',', Enumerable.Range(0, classCount)
            .Select(index => ((random.NextDouble() * 4) + (index == row % classCount ? 1 : 0)).ToString("F3", CultureInfo.InvariantCulture))
            .Prepend($"{row % classCount}")));
        var header = string.Join(',', Enumerable.Range(0, classCount).Select(index => $"logit_{index}").Prepend("label"));
        SavedModelIsLikeTheLibrary(_tool.Write("few.csv", string.Join('\n', rows.Prepend(header))), "matrix", areLogits: true);
    }

    private void SavedModelIsLikeTheLibrary(string file, string method, bool areLogits)
    {
        var path = Path.Combine(_tool.Folder, "calibrator.onnx");
        var result = ToolRun.Run("calibrate", file, "--method", method, "--save", path);
        Assert.True(result.ExitCode == 0, result.Error);
        var name = method switch
        {
            "temperature" => "Temperature [0-9.]+",
            "vector" => "Vector scaling",
            "matrix" => "Matrix scaling",
            "dirichlet" => "Dirichlet calibration",
            _ => "Isotonic calibration",
        };
        Assert.Matches($"\n{name}, fitted on [0-9,]+ rows: log-loss there [0-9.]+ -> [0-9.]+\\.\r?\nSaved: ", result.Output);

        using var reader = new ScoreReader([file], new LayoutOptions());
        var classCount = reader.ClassCount;
        var calibrator = Calibrator.Fit(method, reader, long.MaxValue, TestContext.Current.CancellationToken);
        float[] scores = [.. File.ReadLines(file).Skip(1).Take(50)
            .SelectMany(line => line.Split(',').Skip(1)).Select(text => float.Parse(text, CultureInfo.InvariantCulture))];
        if (areLogits)
            scores[3] = float.NegativeInfinity;
        var expected = scores.ToArray();
        if (!areLogits)
            Probabilities.ToLogits(scores, expected);
        calibrator.Apply(expected, classCount);

        using var session = new InferenceSession(path);
        Assert.Equal(("MLNet.Softmax", "calibrator"), (session.ModelMetadata.ProducerName, session.ModelMetadata.GraphName));
        foreach (var value in new[] { session.InputMetadata["scores"], session.OutputMetadata["probabilities"] })
        {
            Assert.Equal([-1, classCount], value.Dimensions);
            Assert.Equal(["rows", ""], value.SymbolicDimensions);
        }

        // Version 8 of the format first, and last the operators of version 13 of ONNX itself.
        var model = File.ReadAllBytes(path);
        Assert.Equal([8, 8], model[..2]);
        Assert.Equal([0x42, 4, 0x0A, 0, 0x10, 13], model[^6..]);
        using var outputs = session.Run([NamedOnnxValue.CreateFromTensor(
            "scores", new DenseTensor<float>(scores, [scores.Length / classCount, classCount]))]);
        var actual = outputs.Single().AsEnumerable<float>().ToArray();
        Assert.Equal(expected.Length, actual.Length);
        // A steep isotonic curve enlarges the last digit of its input.
        var tolerance = method == "isotonic" ? 5e-5f : 2e-6f;
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    [Fact]
    public void RowsOfOneClass_AreRefused()
    {
        var file = _tool.Write("scores.csv", "Label,P0,P1\n" + string.Concat(Enumerable.Repeat("0,0.7,0.3\n", 40)));
        var path = Path.Combine(_tool.Folder, "calibrator.onnx");
        ToolRun.Run("calibrate", file, "--save", path).AssertRefused("are labelled with class 0 of 2");
        Assert.False(File.Exists(path));
    }

    private string AsProbabilities()
    {
        var lines = File.ReadAllLines(Repository.TestData("digits/digits-logits.csv"));
        var rows = lines[1..].Select(line =>
        {
            var fields = line.Split(',');
            var row = fields[1..].Select(text => float.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            Numerics.Softmax.Compute(row, row);
            return string.Join(',', row.Select(value => value.ToString("G9", CultureInfo.InvariantCulture)).Prepend(fields[0]));
        });
        return _tool.Write("probabilities.csv", string.Join('\n', rows.Prepend(lines[0].Replace("Z", "P", StringComparison.Ordinal))));
    }
}
