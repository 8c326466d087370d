using Microsoft.ML;
using MLNet.Softmax.Labels;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax.Calibration;

/// <summary>
/// Scores, labels and weights of rows that their trainer had not seen, with the classes in the order of the trainer fitted on everything: a
/// trainer fitted on a part may have met them in another order.
/// </summary>
internal sealed class OutOfFoldRows(CrossFitPlan plan, DataViewSchema.Column scores, int classCount)
{
    private readonly string[] _classNames = Names(scores, classCount);
    private readonly List<float[]> _scores = [];
    private readonly List<uint> _labels = [];
    private readonly List<float> _weights = [];

    public int Count => _labels.Count;

    public void Add(int fold, IDataView scored)
    {
        var (column, foldClassCount) = scored.Schema.RequireClassScores(plan.Columns.Score);
        var order = Order(fold, Names(column, foldClassCount));
        HeldOutRows.Read(scored, plan.Columns, column, foldClassCount, (row, label, weight) =>
        {
            // A label of no class, which a key cannot say otherwise than as missing, is left out by the calibrator either way.
            _labels.Add(label >= 0 && label < foldClassCount ? (uint)order[label] + 1 : 0);
            var ordered = new float[classCount];
            for (var k = 0; k < row.Length; k++) ordered[order[k]] = row[k];
            _scores.Add(ordered);
            if (plan.Columns.Weight is not null)
                _weights.Add(weight);
        });
    }

    public IDataView ToDataView() => new LabelledScoresView(plan.Columns, scores, _labels, _scores, _weights, _classNames);

    /// <summary>For each class of a fold's trainer, its place among all classes.</summary>
    private int[] Order(int fold, string[] foldNames)
    {
        var missing = _classNames.Except(foldNames).FirstOrDefault();
        if (missing is not null || foldNames.Length != classCount)
        {
            throw new InvalidOperationException(
                $"The trainer fitted without fold {fold + 1} of {plan.Folds} knows {foldNames.Length} classes, but there are {classCount}"
                + (missing is null ? ". " : $": '{missing}' is missing. ")
                + "Each class needs rows in every fold: use more rows or fewer folds, or map the labels to keys before cross-fitting.");
        }

        return [.. foldNames.Select(name => Array.IndexOf(_classNames, name))];
    }

    private static string[] Names(DataViewSchema.Column scores, int classCount) =>
        [.. ClassLabels.Of(scores, classCount).Select(name => name.ToString())];
}
