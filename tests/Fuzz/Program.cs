using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Fuzz;
using SharpFuzz;

const string Component = "TransformerChain/Model.key";
const int MostBytes = 50_000_000;

switch (args)
{
    case ["seeds", var fixtures, var folder]:
        foreach (var fixture in Directory.GetFiles(fixtures, "*.zip"))
        {
            using var model = ZipFile.OpenRead(fixture);
            model.GetEntry(Component)!.ExtractToFile(Path.Combine(folder, "models", Path.GetFileName(fixture)));
        }

        foreach (var fixture in Directory.GetFiles(fixtures, "*.state"))
        {
            var contents = StateTarget.ContentsOf(File.ReadAllBytes(fixture));
            File.WriteAllBytes(Path.Combine(folder, "states", Path.GetFileName(fixture)), contents);
        }


        break;
    case ["models", var fixtures]:
        // It has all parts that a model may ask for; what is tried takes the place of its main part.
        var template = File.ReadAllBytes(Path.Combine(fixtures, "Softmax.Perceptron-1.zip"));
        var context = new MLContext();
        var rows = context.Data.LoadFromEnumerable([new ModelRow([2, -1, 0.5f]), new ModelRow([0.7f, 0.2f, 0.1f])]);
        Fuzzer.Run(input => TryModel(context, rows, template, input));
        break;
    case ["states", _]:
        Fuzzer.Run(input =>
        {
            using var contents = new MemoryStream();
            input.CopyTo(contents);
            StateTarget.Load(contents.ToArray());
        });
        break;
    case ["scores", _]:
        Fuzzer.Run(TryScores);
        break;
    default:
        throw new ArgumentException("Expected: seeds FIXTURES FOLDER, or models, states or scores with FIXTURES.", nameof(args));
}

static void TryModel(MLContext context, IDataView rows, byte[] template, Stream component)
{
    using var model = new MemoryStream();
    model.Write(template);
    using (var file = new ZipArchive(model, ZipArchiveMode.Update, leaveOpen: true))
    {
        file.GetEntry(Component)!.Delete();
        using var entry = file.CreateEntry(Component).Open();
        component.CopyTo(entry);
    }

    var before = GC.GetAllocatedBytesForCurrentThread();
    try
    {
        _ = context.Model.Load(model, out _).Transform(rows).Preview();
    }
    // ML.NET wraps errors. IOException: there is no assembly of the name in the file.
    catch (Exception error) when (error.GetBaseException()
        is FormatException or InvalidOperationException or ArgumentException or IOException)
    {
    }

    if (GC.GetAllocatedBytesForCurrentThread() - before > MostBytes)
        throw new InsufficientMemoryException($"More than {MostBytes} bytes were allocated.");
}

static void TryScores(Stream input)
{
    using var bytes = new MemoryStream();
    input.CopyTo(bytes);
    var isPacked = bytes.ToArray() is [0x1F, 0x8B, ..];
    var file = Path.Combine(Path.GetTempPath(), $"fuzz{Environment.ProcessId}.csv{(isPacked ? ".gz" : "")}");
    File.WriteAllBytes(file, bytes.ToArray());
    foreach (var areLogits in (bool[])[false, true])
    {
        try
        {
            ScoreFileTarget.Evaluate(file, areLogits);
        }
        catch (FormatException error) when (error.Message.StartsWith(Path.GetFileName(file), StringComparison.Ordinal))
        {
        }
    }

    File.Delete(file);
}

internal sealed record ModelRow([property: VectorType(3)] float[] Score)
{
    [VectorType(3)]
    public float[] Features => Score;
}
