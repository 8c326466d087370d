using System.Text;
using MLNet.Softmax.Evaluation.Report;

namespace MLNet.Softmax.Evaluation;

/// <summary>
/// How often prediction sets contain the true class, and how many labels they have: over all rows and within each true class.
/// </summary>
/// <param name="Coverage">The share of rows whose set contains the true class.</param>
/// <param name="CoverageInterval">Its Wilson interval at 95 %.</param>
/// <param name="MeanSize">How many labels a set has on average.</param>
/// <param name="RowsUsed">Rows that were counted.</param>
/// <param name="RowsLeftOut">Rows without a label, or whose label is not one of the classes.</param>
/// <param name="Classes">The same for the rows of each true class.</param>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed record PredictionSetMetrics(
    double Coverage, ConfidenceInterval CoverageInterval, double MeanSize, long RowsUsed, RowsLeftOut RowsLeftOut,
    ImmutableArray<ClassPredictionSets> Classes)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"Coverage = {Coverage}, CoverageInterval = {CoverageInterval}, MeanSize = {MeanSize}, RowsUsed = {RowsUsed}, "
            + $"RowsLeftOut = {RowsLeftOut}, Classes = [{string.Join(", ", Classes)}]");
        return true;
    }
}

/// <summary>The prediction sets of the rows of one true class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Coverage">The share of its rows whose set contains the class; NaN if it has no rows.</param>
/// <param name="CoverageInterval">Its Wilson interval at 95 %.</param>
/// <param name="MeanSize">How many labels their sets have on average; NaN if there are none.</param>
public readonly record struct ClassPredictionSets(
    string Name, long Rows, double Coverage, ConfidenceInterval CoverageInterval, double MeanSize)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"Name = {Name}, Rows = {Rows}, Coverage = {Coverage}, CoverageInterval = {CoverageInterval}, MeanSize = {MeanSize}");
        return true;
    }
}
