namespace MLNet.Softmax.Numerics.Tests.Training;

/// <summary>The perceptron's objective written out in double precision, one number at a time: the oracle for the fast one.</summary>
internal static class NaivePerceptron
{
    public static double[] Logits(int[] unitCounts, double[] parameters, float[] features)
    {
        var values = features.Select(feature => (double)feature).ToArray();
        var offset = 0;
        for (var layer = 0; layer < unitCounts.Length - 1; layer++)
        {
            var (inputs, outputs) = (unitCounts[layer], unitCounts[layer + 1]);
            var next = new double[outputs];
            for (var output = 0; output < outputs; output++)
            {
                next[output] = parameters[offset + inputs * outputs + output];
                for (var input = 0; input < inputs; input++)
                    next[output] += parameters[offset + output * inputs + input] * values[input];
                if (layer < unitCounts.Length - 2)
                    next[output] = Math.Max(0, next[output]);
            }

            offset += (inputs + 1) * outputs;
            values = next;
        }

        return values;
    }

    public static double Objective(
        int[] unitCounts, double[] parameters, LabelledRows rows, double l2, double smoothing, float[] classWeights)
    {
        double loss = 0, weight = 0;
        for (var row = 0; row < rows.Labels.Count; row++)
        {
            var rowWeight = rows.Weights is null ? 1.0 : rows.Weights[row];
            var logits = Logits(unitCounts, parameters, rows.Features[row]);
            var logSum = Math.Log(logits.Sum(logit => Math.Exp(logit - logits.Max()))) + logits.Max();
            for (var label = 0; label < logits.Length; label++)
            {
                var target = smoothing / logits.Length + (label == rows.Labels[row] ? 1 - smoothing : 0);
                loss -= rowWeight * target * classWeights[label] * (logits[label] - logSum);
            }

            weight += rowWeight * classWeights[rows.Labels[row]];
        }

        double squares = 0;
        var offset = 0;
        for (var layer = 0; layer < unitCounts.Length - 1; layer++)
        {
            var weights = unitCounts[layer] * unitCounts[layer + 1];
            squares += parameters[offset..(offset + weights)].Sum(value => value * value);
            offset += weights + unitCounts[layer + 1];
        }

        return loss / weight + l2 / 2 * squares;
    }
}
