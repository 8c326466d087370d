namespace MLNet.Softmax.Training;

/// <summary>One pass over the training rows in a new random order, an Adam step per mini-batch.</summary>
internal sealed class EpochRunner
{
    private readonly LabelledRows rows;
    private readonly int batchSize;
    private readonly Random random;
    private readonly int[] order;
    private readonly float[] gradient;
    private readonly Backpropagation backpropagation;
    private readonly AdamOptimizer optimizer;

    public EpochRunner(NetworkShape shape, TrainingObjective objective, TrainingSchedule schedule, LabelledRows rows, Random random)
    {
        this.rows = rows;
        this.random = random;
        batchSize = Math.Min(schedule.BatchSize, rows.Count);
        order = [.. Enumerable.Range(0, rows.Count)];
        gradient = new float[shape.ParameterCount];
        backpropagation = new Backpropagation(shape, objective, batchSize);
        optimizer = new AdamOptimizer(shape.ParameterCount, schedule.LearningRate);
    }

    /// <summary>Moves the parameters and returns the mean of the batches' objectives, each batch counted by its rows.</summary>
    public double Run(Span<float> parameters)
    {
        random.Shuffle(order);
        double sum = 0;
        for (var start = 0; start < order.Length; start += batchSize)
        {
            var batch = order.AsSpan(start, Math.Min(batchSize, order.Length - start));
            sum += backpropagation.Compute(parameters, rows, batch, gradient) * batch.Length;
            optimizer.Step(gradient, parameters);
        }

        return sum / order.Length;
    }
}
