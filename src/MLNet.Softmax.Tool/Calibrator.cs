using System.Globalization;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Tool.Onnx;

namespace MLNet.Softmax.Tool;

/// <summary>A fitted calibration: its description, and how it converts logits to probabilities.</summary>
/// <param name="Description">One sentence for the console and the report.</param>
/// <param name="RowsUsed">Rows that the fit used.</param>
/// <param name="Apply">Converts rows of logits to probabilities, in place.</param>
/// <param name="Export">Adds the calibration to an ONNX model: takes the name of the logits, returns that of the probabilities.</param>
internal sealed record Calibrator(
    string Description, long RowsUsed, Calibrator.Application Apply, Func<OnnxFile, string, string> Export)
{
    public delegate void Application(Span<float> rows, int classCount);

    public static readonly string[] Methods = ["temperature", "vector", "matrix", "dirichlet", "isotonic"];

    /// <summary>Fits on at most <paramref name="count"/> rows of a score file, from the current position on.</summary>
    public static Calibrator Fit(string method, ScoreReader reader, long count, CancellationToken stop)
    {
        var classCount = reader.ClassCount;
        var rows = reader.Layout.AreLogits ? CalibrationRows.OfLogits(classCount) : CalibrationRows.OfProbabilities(classCount);
        reader.ReadAll("Reading rows to calibrate on", block =>
        {
            for (var row = 0; row < block.Count; row++)
                rows.Add(block.Row(row), block.Labels[row], block.Weights.IsEmpty ? 1 : block.Weights[row]);
        }, stop, count);
        return Fit(method, rows);
    }

    /// <exception cref="InvalidOperationException">There are too few rows for this method; the message says what is missing.</exception>
    public static Calibrator Fit(string method, CalibrationRows rows)
    {
        switch (method)
        {
            case "temperature":
                var temperature = TemperatureScaling.Fit(rows);
                return Of(
                    string.Create(CultureInfo.InvariantCulture, $"Temperature {temperature.Temperature:0.0000}"), temperature.RowsUsed,
                    temperature.LossBefore, temperature.LossAfter,
                    (span, classCount) => Numerics.Softmax.Rows(span, classCount, span, (float)temperature.Temperature),
                    (file, logits) => CalibratorGraph.Temperature(file, logits, temperature));
            case "isotonic":
                var isotonic = IsotonicCalibration.Fit(rows);
                return Of("Isotonic calibration", isotonic.RowsUsed, isotonic.LossBefore, isotonic.LossAfter, (span, classCount) =>
                {
                    Numerics.Softmax.Rows(span, classCount, span);
                    for (var start = 0; start < span.Length; start += classCount)
                        IsotonicCalibration.Apply(span.Slice(start, classCount), isotonic.Curves.AsSpan(), span.Slice(start, classCount));
                }, (file, logits) => CalibratorGraph.Isotonic(file, logits, isotonic));
            default:
                var (name, fit) = method switch
                {
                    "vector" => ("Vector scaling", VectorScaling.Fit(rows)),
                    "matrix" => ("Matrix scaling", MatrixScaling.Fit(rows)),
                    _ => ("Dirichlet calibration", DirichletCalibration.Fit(rows)),
                };
                return Of(name, fit.RowsUsed, fit.LossBefore, fit.LossAfter, (span, classCount) =>
                {
                    for (var start = 0; start < span.Length; start += classCount)
                        Scale(method, span.Slice(start, classCount), fit);
                }, (file, logits) => CalibratorGraph.Scaling(file, logits, fit, method == "dirichlet"));
        }
    }

    private static void Scale(string method, Span<float> row, ScalingFit fit)
    {
        var weights = fit.Weights.AsSpan();
        var intercepts = fit.Intercepts.AsSpan();
        if (method == "vector")
            VectorScaling.Apply(row, weights, intercepts, row, fit.MaskDistance);
        else if (method == "matrix")
            MatrixScaling.Apply(row, weights, intercepts, row, fit.MaskDistance);
        else
            DirichletCalibration.Apply(row, weights, intercepts, row, fit.MaskDistance);
    }

    private static Calibrator Of(string name, long rows, double before, double after, Application apply,
        Func<OnnxFile, string, string> export) => new(
        string.Create(CultureInfo.InvariantCulture, $"{name}, fitted on {rows:N0} rows: log-loss there {before:0.0000} -> {after:0.0000}."),
        rows, apply, export);
}
