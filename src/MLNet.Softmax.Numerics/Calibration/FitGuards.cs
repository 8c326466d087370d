namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>The checks that every fit makes before it starts.</summary>
internal static class FitGuards
{
    /// <summary>Replaces masks, and throws if there are too few rows or only rows of a single class.</summary>
    public static void RequireRows(CalibrationRows rows, int minimumRows)
    {
        rows.ReplaceMasks();
        if (rows.Count < Math.Max(minimumRows, 1))
        {
            throw new InvalidOperationException(
                $"Calibration found {rows.Count} usable rows and needs at least {Math.Max(minimumRows, 1)} (left out: {rows.LeftOut}). "
                + "Hold out more rows, or lower the minimum number of rows.");
        }
        var only = rows.LabelCounts.IndexOfAnyExcept(0);
        if (only == rows.LabelCounts.LastIndexOfAnyExcept(0))
        {
            throw new InvalidOperationException(
                $"All {rows.Count} rows are labelled with class {only} of {rows.ClassCount}; calibration needs rows of at least two "
                + "classes. Check how the rows were held out: sorted data must be shuffled before it is split.");
        }
    }

    /// <summary>Throws if the scores determine no finite temperature.</summary>
    public static void RequireInformativeScores(CalibrationRows rows, bool separableAllowed = false)
    {
        bool allEqual = true, everyLabelOnTop = true;
        foreach (var tile in rows.Tiles())
        {
            var z = tile.Scores;
            var largest = Vector512.Create(z);
            var smallest = largest;
            for (var i = RowChunk.TileRows; i < z.Length; i += RowChunk.TileRows)
            {
                var next = Vector512.Create(z[i..]);
                largest = Vector512.Max(largest, next);
                smallest = Vector512.Min(smallest, next);
            }
            allEqual &= Vector512.EqualsAll(largest, smallest);
            everyLabelOnTop &= Vector512.EqualsAll(largest, Vector512.Create(tile.Chunk.LabelScores, tile.FirstRow));
            if (!allEqual && !everyLabelOnTop)
                break;
        }
        if (allEqual)
        {
            throw new InvalidOperationException(
                $"In each of the {rows.Count} rows all scores are equal, so that no scaling changes the probabilities. "
                + "Check the score column.");
        }
        if (everyLabelOnTop && !separableAllowed)
        {
            throw new InvalidOperationException(
                $"The label scores highest in each of the {rows.Count} rows (perfectly separable), so that the loss falls without end "
                + "as the temperature nears 0. Hold out more rows, make sure that the model was not trained on them, or raise the minimum "
                + "temperature (1 only ever softens) or set a fixed one.");
        }
    }

    /// <summary>Throws if a class has no rows: its unpenalised intercept would go to -infinity.</summary>
    public static void RequireEveryClass(CalibrationRows rows)
    {
        var absent = rows.LabelCounts.IndexOf(0);
        if (absent >= 0)
        {
            throw new InvalidOperationException(
                $"No row is labelled with class {absent}, so that its intercept has no finite best value. "
                + "Hold out rows of every class, or set an intercept regularization above 0.");
        }
    }

    /// <summary>Throws unless the numbers of scores, labels and weights agree.</summary>
    public static void RequireLengths(int scores, int labels, int classCount, int weights)
    {
        if (scores != (long)labels * classCount)
        {
            throw new ArgumentException(
                $"{labels} labels and {classCount} classes need {(long)labels * classCount} scores, not {scores}.", nameof(scores));
        }
        if (weights != 0 && weights != labels)
            throw new ArgumentException($"{labels} labels need as many weights, or none, not {weights}.", nameof(weights));
    }

    /// <summary>The weight of each row, multiplied by the class weights if there are any.</summary>
    public static RowWeights Weights(IReadOnlyList<double>? weights, CalibrationRows rows)
    {
        if (weights is null)
            return RowWeights.All(null);
        if (weights.Count != rows.ClassCount)
            throw new ArgumentException($"There are {weights.Count} class weights, but {rows.ClassCount} classes.", nameof(weights));
        var labelCounts = rows.LabelCounts;
        var total = 0.0;
        var result = new float[weights.Count];
        for (var k = 0; k < result.Length; k++)
        {
            if (!double.IsFinite(weights[k]) || weights[k] < 0)
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The weight of class {k} is {weights[k]}; expected a finite number of at least 0."), nameof(weights));
            result[k] = (float)weights[k];
            total += weights[k] * labelCounts[k];
        }
        if (!(total > 0))
            throw new ArgumentException("The class weights leave every row with weight 0.", nameof(weights));
        return RowWeights.All(result);
    }
}
