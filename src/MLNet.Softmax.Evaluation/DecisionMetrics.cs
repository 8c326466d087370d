using System.Text;

namespace MLNet.Softmax.Evaluation;

/// <summary>The metrics of decisions, over all rows and per class. Every row counts 1.</summary>
/// <param name="Accuracy">The share of the decisions that are right; NaN if no row has a decision.</param>
/// <param name="Coverage">The share of the rows with a decision.</param>
/// <param name="MeanCost">The mean cost of a row, with or without a decision; null if no costs were given.</param>
/// <param name="RowsUsed">Rows that were counted.</param>
/// <param name="RowsLeftOut">Rows without a label, or whose label is not one of the classes.</param>
/// <param name="OverThresholds">
/// The figures at every other threshold. Its own threshold is the lowest probability at which a row was decided for the positive class, or
/// for any class if there is no positive one; 1 if no row was.
/// </param>
/// <param name="Classes">The decisions for each class.</param>
public sealed record DecisionMetrics(
    FigureWithInterval Accuracy, FigureWithInterval Coverage, FigureWithInterval? MeanCost, long RowsUsed, RowsLeftOut RowsLeftOut,
    ThresholdFit OverThresholds, ImmutableArray<ClassDecisions> Classes)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"Accuracy = {Accuracy}, Coverage = {Coverage}, MeanCost = {MeanCost}, RowsUsed = {RowsUsed}, RowsLeftOut = {RowsLeftOut}, "
            + $"OverThresholds = {OverThresholds}, Classes = [{string.Join(", ", Classes)}]");
        return true;
    }
}

/// <summary>The decisions for one class. All intervals are Wilson's at 95 %.</summary>
/// <param name="Name">The class.</param>
/// <param name="Rows">The rows that truly belong to it.</param>
/// <param name="Decisions">The rows that were decided for it.</param>
/// <param name="Precision">The share of its decisions that are right; NaN if there are none.</param>
/// <param name="Recall">The share of its rows that were decided for it; NaN if there are none.</param>
public readonly record struct ClassDecisions(
    string Name, long Rows, long Decisions, FigureWithInterval Precision, FigureWithInterval Recall)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"Name = {Name}, Rows = {Rows}, Decisions = {Decisions}, Precision = {Precision}, Recall = {Recall}");
        return true;
    }
}
