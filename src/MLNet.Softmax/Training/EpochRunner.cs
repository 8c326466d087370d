using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Training;

/// <summary>One pass over the training rows in a new random order, an Adam step per mini-batch.</summary>
internal sealed class EpochRunner
{
    private readonly LabelledRows _rows;
    private readonly int _batchSize;
    private readonly Random _random;
    private readonly int[] _order;
    private readonly float[] _gradient;
    private readonly Backpropagation _backpropagation;
    private readonly AdamOptimizer _optimizer;

    public EpochRunner(NetworkShape shape, TrainingObjective objective, TrainingSchedule schedule, LabelledRows rows, Random random)
    {
        (_rows, _random) = (rows, random);
        _batchSize = Math.Min(schedule.BatchSize, rows.Count);
        _order = [.. Enumerable.Range(0, rows.Count)];
        _gradient = new float[shape.ParameterCount];
        _backpropagation = new Backpropagation(shape, objective, _batchSize);
        _optimizer = new AdamOptimizer(shape.ParameterCount, schedule.LearningRate);
    }

    /// <summary>Moves the parameters and returns the mean of the batches' objectives, each batch counted by its rows.</summary>
    public double Run(Span<float> parameters)
    {
        _random.Shuffle(_order);
        double sum = 0;
        for (var start = 0; start < _order.Length; start += _batchSize)
        {
            var batch = _order.AsSpan(start, Math.Min(_batchSize, _order.Length - start));
            sum += _backpropagation.Compute(parameters, _rows, batch, _gradient) * batch.Length;
            _optimizer.Step(_gradient, parameters);
        }

        return sum / _order.Length;
    }
}
