using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax.Tool;

/// <summary>
/// The result as one JSON object. Figures have the names of <see cref="HeadlineMetric"/>; a figure that no row determines is null.
/// </summary>
internal static class JsonResult
{
    public static string Of(EvaluationResult result)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(
            text, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(writer, result);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, EvaluationResult result)
    {
        writer.WriteStartObject();
        WriteMetrics(writer, result.Metrics);
        if (result.Calibrator is { } calibrator)
            writer.WriteString("calibration", calibrator.Description);
        if (result.Before is { } before)
        {
            writer.WriteStartObject("before");
            WriteMetrics(writer, before);
            writer.WriteEndObject();
        }

        if (result.Comparison is { } comparison)
        {
            writer.WriteStartObject("differences");
            foreach (var metric in Enum.GetValues<HeadlineMetric>())
            {
                var difference = comparison[metric];
                writer.WriteStartObject(Name(metric));
                Number(writer, "value", difference.Difference);
                Interval(writer, difference.Interval);
                writer.WriteBoolean("isReal", difference.IsReal);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        if (result.Decisions is { } decisions)
            WriteDecisions(writer, decisions);
        Strings(writer, "notes", [.. result.Notes, .. result.Metrics.Warnings]);
        writer.WriteEndObject();
    }

    private static void WriteDecisions(Utf8JsonWriter writer, DecisionResult decisions)
    {
        if (decisions.Threshold is { } threshold)
        {
            writer.WriteStartObject("threshold");
            Number(writer, "threshold", threshold.Threshold);
            Figure(writer, "before", threshold.Before);
            Figure(writer, "after", threshold.After);
            writer.WriteEndObject();
        }

        var metrics = decisions.Metrics;
        writer.WriteStartObject("decisions");
        writer.WriteString("source", decisions.Source);
        writer.WriteNumber("rows", metrics.RowsUsed);
        Figure(writer, "accuracy", metrics.Accuracy);
        Figure(writer, "coverage", metrics.Coverage);
        if (metrics.MeanCost is { } cost)
            Figure(writer, "meanCost", cost);
        writer.WriteStartArray("classes");
        foreach (var one in metrics.Classes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", one.Name);
            writer.WriteNumber("rows", one.Rows);
            writer.WriteNumber("decisions", one.Decisions);
            Figure(writer, "precision", one.Precision);
            Figure(writer, "recall", one.Recall);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter writer, ProbabilityMetrics metrics)
    {
        writer.WriteNumber("rows", metrics.RowsUsed);
        var left = metrics.RowsLeftOut;
        writer.WriteStartObject("rowsLeftOut");
        writer.WriteNumber("missingLabel", left.MissingLabel);
        writer.WriteNumber("notFinite", left.NotFinite);
        writer.WriteEndObject();
        writer.WriteStartObject("metrics");
        foreach (var metric in Enum.GetValues<HeadlineMetric>())
            Figure(writer, Name(metric), metrics[metric], metrics.IntervalOf(metric));
        if (metrics.MacroRocAuc is { } area)
            Figure(writer, "macroRocAuc", area, null);
        if (metrics.AdaptiveCalibrationError is { } adaptive)
            Figure(writer, "adaptiveCalibrationError", adaptive, null);
        Figure(writer, "classwiseCalibrationError", metrics.ClasswiseCalibrationError, null);
        writer.WriteEndObject();
        writer.WriteStartArray("classes");
        foreach (var one in metrics.Classes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", one.Name);
            Number(writer, "weight", one.Weight);
            Number(writer, "precision", one.Precision);
            Number(writer, "recall", one.Recall);
            Number(writer, "f1", one.F1);
            if (one.RocAuc is { } rocAuc)
                Number(writer, "rocAuc", rocAuc);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Name(HeadlineMetric metric) => JsonNamingPolicy.CamelCase.ConvertName(metric.ToString());

    private static void Figure(Utf8JsonWriter writer, string name, FigureWithInterval figure) =>
        Figure(writer, name, figure.Value, figure.Interval);

    private static void Figure(Utf8JsonWriter writer, string name, double value, ConfidenceInterval? interval)
    {
        writer.WriteStartObject(name);
        Number(writer, "value", value);
        if (interval is { } some)
            Interval(writer, some);
        writer.WriteEndObject();
    }

    private static void Interval(Utf8JsonWriter writer, ConfidenceInterval interval)
    {
        Number(writer, "lower", interval.Lower);
        Number(writer, "upper", interval.Upper);
    }

    private static void Number(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteNull(name);
    }

    private static void Strings(Utf8JsonWriter writer, string name, IReadOnlyCollection<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
