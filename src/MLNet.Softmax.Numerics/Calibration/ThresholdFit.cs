using System.Collections.Immutable;
using System.Text;
using Microsoft.ML;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Numerics.Notebooks;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>A threshold chosen on held-out rows, and what it does on them. New rows do a little worse: the threshold suits these.</summary>
/// <param name="Goal">What the threshold is to reach.</param>
/// <param name="PositiveClass">The index of the class that has the threshold; null for a minimum confidence.</param>
/// <param name="Threshold">The lowest probability that is answered, from 0 to 1.</param>
/// <param name="Before">
/// The goal's figure without a threshold: the most probable class answers every row. F-beta, balanced accuracy, precision, recall, risk or
/// mean cost.
/// </param>
/// <param name="After">The same figure at the threshold.</param>
/// <param name="RiskBound">
/// What the risk on new rows does not exceed with the wanted confidence; null unless the goal is a selective risk.
/// </param>
/// <param name="RowsUsed">Rows that the fit used.</param>
/// <param name="RowsLeftOut">Rows that it could not use, by reason.</param>
/// <param name="Curve">
/// Every threshold at which the answers change, by rising threshold. Empty in a model that was loaded: the curve is not saved.
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

/// <summary>A figure with its 95 % interval: Wilson's for shares, else that of the standard error by the delta method.</summary>
/// <param name="Value">The figure; NaN if no row determines it.</param>
/// <param name="Interval">The interval, for a threshold that was chosen before the rows were seen; NaN bounds if there is none.</param>
public readonly record struct FigureWithInterval(double Value, ConfidenceInterval Interval)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Value = {Value}, Interval = {Interval}");
        return true;
    }
}

/// <summary>What comes of answering the rows that reach a threshold.</summary>
/// <param name="Threshold">The lowest probability that is answered.</param>
/// <param name="Precision">The share of the answers that is right; NaN if nothing is answered.</param>
/// <param name="Recall">The share of the rows of the positive class (without one, of the right answers) that is answered.</param>
/// <param name="Coverage">The share of the rows that is answered.</param>
/// <param name="Cost">
/// The mean cost of a row: the goal's costs, else 1 for each false positive and false negative; NaN for abstaining without a cost.
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
