namespace MLNet.Softmax.Numerics.Calibration;

/// <content>
/// The same loss without vectors, row after row and in double precision, for a browser: there, .NET is interpreted and a vector costs more
/// than its elements.
/// </content>
internal sealed partial class TemperatureObjective
{
    internal TemperatureLoss EvaluateOneByOne(double inverseTemperature, bool isAlsoAtOne, out double lossAtOne)
    {
        RowLoss sums = default;
        double total = 0, squares = 0, largest = 0;
        foreach (var tile in rows.Tiles(weights.Stride))
        {
            var ofRows = weights.OfTile(tile);
            for (var row = 0; row < tile.RowCount; row++)
            {
                double weight = ofRows[row];
                var labelScore = tile.Chunk.LabelScores[tile.FirstRow + row];
                var of = RowLoss.Of(tile.Scores[row..], labelScore, inverseTemperature, isAlsoAtOne);
                sums.Add(of, weight);
                total += weight;
                var square = of.Slope * of.Slope * weight * weight;
                squares += square;
                largest = Math.Max(largest, square);
            }
        }

        lossAtOne = sums.AtOne / total;
        return new TemperatureLoss(
            sums.Loss / total, sums.Slope / total, sums.Second / total, sums.Third / total, sums.Fourth / total, largest / squares);
    }

    /// <summary>The loss of a row and its derivatives.</summary>
    private struct RowLoss
    {
        public double Loss, AtOne, Slope, Second, Third, Fourth;

        /// <param name="scores">The scores of the row, at positions 0, 16, 32, ...</param>
        /// <param name="labelScore">The score of the true class.</param>
        /// <param name="b">1/T.</param>
        /// <param name="isAlsoAtOne">Whether to compute the loss at T = 1.</param>
        public static RowLoss Of(ReadOnlySpan<float> scores, float labelScore, double b, bool isAlsoAtOne)
        {
            var highest = scores[0];
            for (var i = TileRows; i < scores.Length; i += TileRows)
                highest = scores[i] > highest ? scores[i] : highest;
            double sum = 0, first = 0, second = 0, third = 0, fourth = 0, sumAtOne = 0;
            for (var i = 0; i < scores.Length; i += TileRows)
            {
                var below = (double)scores[i] - highest;
                var u = below * b;
                var e = Math.Exp(u);
                sum += e;
                e *= u;
                first += e;
                e *= u;
                second += e;
                e *= u;
                third += e;
                fourth += e * u;
                if (isAlsoAtOne)
                    sumAtOne += Math.Exp(below);
            }

            var labelBelow = (double)labelScore - highest;
            var (mean, square) = (first / sum, first / sum * (first / sum));
            (second, third, fourth) = (second / sum, third / sum, fourth / sum);
            return new()
            {
                Loss = Math.Log(sum) - (labelBelow * b),
                AtOne = isAlsoAtOne ? Math.Log(sumAtOne) - labelBelow : 0,
                Slope = mean - (labelBelow * b),
                Second = Math.Max(0, second - square),
                Third = third - (3 * mean * second) + (2 * mean * square),
                Fourth = fourth - (4 * mean * third) - (3 * second * second) + (12 * square * second) - (6 * square * square),
            };
        }

        public void Add(in RowLoss row, double weight)
        {
            Loss += row.Loss * weight;
            AtOne += row.AtOne * weight;
            Slope += row.Slope * weight;
            Second += row.Second * weight;
            Third += row.Third * weight;
            Fourth += row.Fourth * weight;
        }
    }
}
