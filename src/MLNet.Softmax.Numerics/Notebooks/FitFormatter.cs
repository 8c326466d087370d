using System.Diagnostics.CodeAnalysis;
using System.Net;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax.Numerics.Notebooks;

/// <summary>.NET Interactive finds it by name through <see cref="TypeFormatterSourceAttribute"/>, and its members as well.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "The notebook calls them by name, on an instance.")]
internal sealed class FitFormatterSource
{
    public IEnumerable<object> CreateTypeFormatters() => [new FitFormatter()];
}

/// <summary>A component with the result of a fit, which a notebook shows.</summary>
internal interface IFitted
{
    object? Fit { get; }
}

/// <summary>Shows the result of a fit in a notebook as a table of names and figures, and a confusion matrix as a table of counts.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "The notebook calls them by name, on an instance.")]
internal sealed class FitFormatter
{
    private const int MostClasses = 30;

    public string MimeType => "text/html";

    public bool Format(object instance, TextWriter writer)
    {
        IEnumerable<object?[]>? rows = ((instance as IFitted)?.Fit ?? instance) switch
        {
            TemperatureFit fit =>
            [
                ["Temperature", fit.Temperature], .. Losses(fit.LossBefore, fit.LossAfter, fit.RowsUsed, fit.RowsLeftOut),
                ["Outcome", fit.Outcome],
            ],
            ScalingFit fit =>
            [
                ["Temperature that fits best", fit.Temperature],
                .. Losses(fit.LossBefore, fit.LossAfter, fit.RowsUsed, fit.RowsLeftOut), .. CrossValidated(fit.CrossValidation),
                ["Outcome", fit.Outcome],
            ],
            IsotonicFit fit => Losses(fit.LossBefore, fit.LossAfter, fit.RowsUsed, fit.RowsLeftOut),
            PredictionSetFit fit =>
            [
                ["Coverage wanted", fit.Coverage], ["Method", fit.Method], ["Largest nonconformity score taken in", fit.Threshold],
                .. Rows(fit.RowsUsed, fit.RowsLeftOut),
            ],
            ThresholdFit fit =>
            [
                ["Goal", fit.Goal], ["Threshold", fit.Threshold], [$"{fit.Goal.FigureName} without it", fit.Before.Value],
                [$"{fit.Goal.FigureName} with it", fit.After.Value], .. Rows(fit.RowsUsed, fit.RowsLeftOut),
            ],
            ConfusionTable table => Counts(table),
            _ => null,
        };
        if (rows is null)
            return false;
        writer.Write("<table><tbody>");
        foreach (var cells in rows)
        {
            var rest = string.Concat(cells.Skip(1).Select(cell => $"<td>{Text(cell)}</td>"));
            writer.Write($"<tr><th style=\"text-align: left\">{Text(cells[0])}</th>{rest}</tr>");
        }

        writer.Write("</tbody></table>");
        return true;
    }

    private static IEnumerable<object?[]> Losses(double before, double after, long rowsUsed, RowsLeftOut leftOut) =>
        [["Log-loss before", before], ["Log-loss after", after], .. Rows(rowsUsed, leftOut)];

    private static IEnumerable<object?[]> Rows(long used, RowsLeftOut leftOut) => [["Rows used", used], ["Rows left out", leftOut]];

    private static IEnumerable<object?[]> CrossValidated(CrossValidatedLoss? loss) => loss is null
        ? []
        : [["Cross-validated log-loss", loss.Calibrator], ["That of a temperature alone", loss.Temperature]];

    private static IEnumerable<object?[]> Counts(ConfusionTable table)
    {
        int shown = Math.Min(table.ClassCount, MostClasses);
        yield return ["actual \\ predicted", .. Enumerable.Range(0, shown).Cast<object?>()];
        for (int label = 0; label < shown; label++)
            yield return [label, .. table.Row(label)[..shown].ToArray().Cast<object?>()];
        if (shown < table.ClassCount)
            yield return [string.Create(CultureInfo.InvariantCulture, $"The first {shown} of {table.ClassCount} classes")];
    }

    private static string Text(object? value) => WebUtility.HtmlEncode(value switch
    {
        double number => number.ToString("0.####", CultureInfo.InvariantCulture),
        float number => number.ToString("0.####", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    });
}
