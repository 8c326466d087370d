using System.Collections.Immutable;
using System.Text;
using Microsoft.ML;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Numerics.Notebooks;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>A threshold fitted on held-out rows, with its figures on them. On new rows the figures are usually a little worse.</summary>
/// <param name="Goal">The goal of the fit.</param>
/// <param name="PositiveClass">The index of the class that the threshold is for; null for a minimum confidence.</param>
/// <param name="Threshold">The lowest probability at which a row is answered, from 0 to 1.</param>
/// <param name="Before">
/// The goal's figure without a threshold, when every row is answered with its most probable class: F-beta, balanced accuracy, precision,
/// recall, risk or mean cost.
/// </param>
/// <param name="After">The same figure at the threshold.</param>
/// <param name="RiskBound">
/// The upper bound on the risk for new rows, at the requested confidence; null unless the goal is a selective risk.
/// </param>
/// <param name="RowsUsed">Rows that the fit used.</param>
/// <param name="RowsLeftOut">Rows that it could not use, by reason.</param>
/// <param name="Curve">
/// Every threshold at which the answers change, in ascending order. Empty in a loaded model, because the curve is not saved.
/// </param>
[TypeFormatterSource(typeof(FitFormatterSource))]
public sealed record ThresholdFit(
    ThresholdGoal Goal, int? PositiveClass, float Threshold, FigureWithInterval Before, FigureWithInterval After, double? RiskBound,
    long RowsUsed, RowsLeftOut RowsLeftOut, ImmutableArray<ThresholdPoint> Curve)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"Goal = {Goal}, PositiveClass = {PositiveClass}, Threshold = {Threshold}, Before = {Before}, After = {After}, "
            + $"RiskBound = {RiskBound}, RowsUsed = {RowsUsed}, RowsLeftOut = {RowsLeftOut}, Curve = {Curve.Length} points");
        return true;
    }
}

/// <summary>A figure with its 95 % interval: Wilson's for shares, otherwise from the standard error by the delta method.</summary>
/// <param name="Value">The figure; NaN if no row determines it.</param>
/// <param name="Interval">The interval, valid for a threshold that was chosen without these rows; NaN bounds if there is none.</param>
public readonly record struct FigureWithInterval(double Value, ConfidenceInterval Interval)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Value = {Value}, Interval = {Interval}");
        return true;
    }
}

/// <summary>The figures when only the rows that reach a threshold are answered.</summary>
/// <param name="Threshold">The lowest probability at which a row is answered.</param>
/// <param name="Precision">The share of answers that are right; NaN if no row is answered.</param>
/// <param name="Recall">The share of rows of the positive class (without one, of right answers) that are answered.</param>
/// <param name="Coverage">The share of rows that are answered.</param>
/// <param name="Cost">
/// The mean cost of a row, by the goal's costs; otherwise 1 for each false positive and false negative. NaN for the goal of a selective
/// risk, which has no costs.
/// </param>
public readonly record struct ThresholdPoint(float Threshold, double Precision, double Recall, double Coverage, double Cost)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"Threshold = {Threshold}, Precision = {Precision}, Recall = {Recall}, Coverage = {Coverage}, Cost = {Cost}");
        return true;
    }
}
