using MLNet.Softmax.Numerics;

namespace ReadmeExamples;

public class NumericsExamples
{
    [Fact]
    public void Numerics_WithoutMLNet()
    {
        #region spans
        float[] logits = [1000, 1001, 1002], probabilities = new float[3], gradient = new float[3];
        Softmax.Compute(logits, probabilities);                          // 0.0900, 0.2447, 0.6652: no overflow
        float loss = CrossEntropy.LossAndGradient(logits, 2, gradient);  // 0.4076, and p - y
        #endregion

        Assert.Equal(0.6652, probabilities[2], 1e-4);
        Assert.Equal(0.4076, loss, 1e-4);
    }
}
