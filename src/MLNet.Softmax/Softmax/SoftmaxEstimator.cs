using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Softmax;

/// <summary>Fits a <see cref="SoftmaxTransformer"/>: adds softmax(z / T) of a column of scores z.</summary>
public sealed class SoftmaxEstimator : ScoreEstimator<SoftmaxTransformer>
{
    private readonly float _temperature;

    internal SoftmaxEstimator(
        IHostEnvironment environment, string outputColumnName, string? inputColumnName = null, float temperature = 1f, ScoreKind scoreKind = ScoreKind.Auto)
        : base(environment, outputColumnName, inputColumnName, scoreKind) => _temperature = TemperatureCheck.ThrowIfInvalid(temperature);

    private protected override SoftmaxTransformer Create(string outputColumnName, string inputColumnName, ScoreKind scoreKind) =>
        new(outputColumnName, inputColumnName, _temperature, scoreKind);
}
