using Microsoft.ML.OnnxRuntime;
using nietras.SeparatedValues;

// Scores a CSV of features, one row an example, with an ONNX model. The column Label is copied; all others are features, in order.
const string Label = "Label", Output = "Probability.output";
const int BatchRows = 4096;

if (args is not [var model, var source, var target])
{
    Console.Error.WriteLine("Usage: Scorer MODEL.onnx FEATURES.csv SCORES.csv");
    return 2;
}

// One thread: the machine's cores work on other shards.
using var session = new InferenceSession(model, new SessionOptions { IntraOpNumThreads = 1 });
var input = session.InputMetadata.Keys.Single();
using var reader = Sep.Reader().FromFile(source);
string[] features = [.. reader.Header.ColNames.Where(name => name != Label)];
using var writer = Sep.New(',').Writer().ToFile(target);
var (labels, values) = (new List<string>(), new List<float>());
foreach (var row in reader)
{
    labels.Add(row[Label].ToString());
    values.AddRange(row[features].Parse<float>());
    if (labels.Count == BatchRows)
        Score();
}

Score();
return 0;

void Score()
{
    if (labels.Count == 0)
        return;
    using var batch = OrtValue.CreateTensorValueFromMemory([.. values], [labels.Count, features.Length]);
    using var run = new RunOptions();
    using var outputs = session.Run(run, [input], [batch], [Output]);
    var probabilities = outputs[0].GetTensorDataAsSpan<float>();
    var classes = probabilities.Length / labels.Count;
    for (var index = 0; index < labels.Count; index++)
    {
        using var row = writer.NewRow();
        row[Label].Set(labels[index]);
        for (var label = 0; label < classes; label++)
            row[$"prob_{label}"].Format(probabilities[(index * classes) + label]);
    }

    labels.Clear();
    values.Clear();
}
