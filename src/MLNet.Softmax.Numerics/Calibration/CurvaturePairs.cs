using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>The last steps with the change of the gradient over each: an implicit estimate of the inverse Hessian.</summary>
internal sealed class CurvaturePairs
{
    private const int History = 12;
    private readonly List<(double[] Step, double[] Change, double Inverse)> _pairs = [];

    public int Count => _pairs.Count;

    public void Forget() => _pairs.Clear();

    public void Remember(double[] step, double[] change)
    {
        var product = TensorPrimitives.Dot<double>(step, change);
        if (!(product > 1e-300))
            return;
        if (_pairs.Count == History)
            _pairs.RemoveAt(0);
        _pairs.Add(([.. step], [.. change], 1 / product));
    }

    public void Direction(ReadOnlySpan<double> gradient, Span<double> direction)
    {
        TensorPrimitives.Negate(gradient, direction);
        if (_pairs.Count == 0)
            return;
        Span<double> alphas = stackalloc double[History];
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            var (step, change, inverse) = _pairs[i];
            alphas[i] = inverse * TensorPrimitives.Dot<double>(step, direction);
            TensorPrimitives.MultiplyAdd(change, -alphas[i], direction, direction);
        }
        var last = _pairs[^1];
        TensorPrimitives.Multiply(direction, 1 / (last.Inverse * TensorPrimitives.Dot<double>(last.Change, last.Change)), direction);
        for (var i = 0; i < _pairs.Count; i++)
        {
            var (step, change, inverse) = _pairs[i];
            var beta = inverse * TensorPrimitives.Dot<double>(change, direction);
            TensorPrimitives.MultiplyAdd(step, alphas[i] - beta, direction, direction);
        }
    }
}
