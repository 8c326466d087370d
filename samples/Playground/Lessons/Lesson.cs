using System.Globalization;
using MLNet.Softmax.Numerics;

namespace Playground.Lessons;

/// <summary>What the knobs of the lessons are set to, and what the library computes from it.</summary>
public sealed class Lesson
{
    public const int ClassCount = 5;
    public const float LargestLogit = 6;

    private const float LearningRate = 1;

    public static readonly string[] Dishes = ["hot dog", "burger", "pizza", "sushi", "salad"];

    /// <summary>The scores of the five dishes.</summary>
    public float[] Logits { get; } = [3.1f, 0.7f, 0.2f, 0.9f, -0.4f];

    public float Temperature { get; set; } = 1;

    /// <summary>The true dish.</summary>
    public int Truth { get; set; } = 3;

    /// <summary>The score of "hot dog" above that of "not hot dog".</summary>
    public float Difference { get; set; } = 1.2f;

    /// <summary>The lowest probability at which the answer is "hot dog".</summary>
    public float Threshold { get; set; } = 0.5f;

    /// <summary>The scores of the lesson on large numbers.</summary>
    public float[] LargeLogits { get; } = [1000, 1001, 1002];

    public int Winner => ArgMax.Compute(Logits);

    public float[] OneHot()
    {
        var oneHot = new float[ClassCount];
        ArgMax.OneHot(Logits, oneHot);
        return oneHot;
    }

    public float[] Probabilities(float temperature = 1)
    {
        var probabilities = new float[ClassCount];
        Softmax.Compute(Logits, probabilities, temperature);
        return probabilities;
    }

    public (float Loss, float[] Gradient) LossAndGradient()
    {
        var gradient = new float[ClassCount];
        return (CrossEntropy.LossAndGradient(Logits, Truth, gradient), gradient);
    }

    /// <summary>One step of gradient descent on the scores.</summary>
    public void Learn()
    {
        var (_, gradient) = LossAndGradient();
        for (var dish = 0; dish < ClassCount; dish++)
            Logits[dish] -= LearningRate * gradient[dish];
    }

    /// <summary>The probability of "hot dog", when there are two classes.</summary>
    public static float ProbabilityOfTwo(float difference)
    {
        Span<float> probabilities = stackalloc float[2];
        Softmax.Compute([difference, 0], probabilities);
        return probabilities[0];
    }

    /// <summary>The formula as it is written: exponentials, divided by their sum.</summary>
    public float[] NaiveProbabilities()
    {
        var exponentials = Array.ConvertAll(LargeLogits, MathF.Exp);
        var sum = exponentials.Sum();
        return Array.ConvertAll(exponentials, exponential => exponential / sum);
    }

    public float[] LargeProbabilities()
    {
        var probabilities = new float[LargeLogits.Length];
        Softmax.Compute(LargeLogits, probabilities);
        return probabilities;
    }

    /// <summary>A probability with the four digits that the page shows.</summary>
    public static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A score, a temperature or a loss.</summary>
    public static string Short(double value) => value.ToString("0.00;−0.00", CultureInfo.InvariantCulture);
}
