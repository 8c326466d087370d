using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Softmax;

/// <summary>Fits a <see cref="LogSoftmaxTransformer"/>: adds z / T - logsumexp(z / T) of a column of scores z.</summary>
public sealed class LogSoftmaxEstimator : ScoreEstimator<LogSoftmaxTransformer>
{
    private readonly float _temperature;

    internal LogSoftmaxEstimator(
        IHostEnvironment environment, string outputColumnName, string? inputColumnName = null, float temperature = 1f, ScoreKind scoreKind = ScoreKind.Auto)
        : base(environment, outputColumnName, inputColumnName, scoreKind) => _temperature = TemperatureCheck.ThrowIfInvalid(temperature);

    private protected override LogSoftmaxTransformer Create(string outputColumnName, string inputColumnName, ScoreKind scoreKind) =>
        new(outputColumnName, inputColumnName, _temperature, scoreKind);
}
