using System.CommandLine;
using MLNet.Softmax.Tool.Onnx;

namespace MLNet.Softmax.Tool;

/// <summary>The command <c>softmax calibrate</c>.</summary>
internal static class CalibrateCommand
{
    private const string Description = "Fits a calibration on rows that the model was not trained on, and saves it as an ONNX model.";

    /// <summary>What the help says below the options.</summary>
    public const string Details = """
        The ONNX model takes the scores, "scores" [rows, classes], and gives the calibrated "probabilities" of the same shape. It can be
        appended to any network that is in ONNX already.

        Examples:
          softmax calibrate held-out.csv --save calibrator.onnx
          softmax calibrate held-out.parquet --method dirichlet --save calibrator.onnx
        """;

    public static Command Create()
    {
        var command = new Command("calibrate", Description);
        var arguments = new ScoreFileArguments(command);
        var method = ScoreFileArguments.Choice("--method", "Which calibration", Calibrator.Methods);
        var save = ScoreFileArguments.Text("--save", "FILE", "Where to write the ONNX model");
        save.Required = true;
        command.Options.Add(method);
        command.Options.Add(save);
        command.SetAction((result, stop) =>
        {
            var path = result.GetValue(save)!;
            var output = result.InvocationConfiguration.Output;
            ScoreFileArguments.CheckTarget("--save", path);
            using var reader = new ScoreReader(arguments.Files(result), arguments.Layout(result));
            output.WriteLine(reader.Layout);
            var calibrator = Calibrator.Fit(result.GetValue(method)!, reader, long.MaxValue, stop);
            File.WriteAllBytes(path, CalibratorGraph.Of(calibrator, reader.ClassCount, reader.Layout.AreLogits));
            output.WriteLine(calibrator.Description);
            output.WriteLine($"Saved: {Path.GetFullPath(path)}");
            return Task.FromResult(0);
        });
        return command;
    }
}
