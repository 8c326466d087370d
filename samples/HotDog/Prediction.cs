namespace HotDog;

/// <summary>What the model says of a photograph.</summary>
internal sealed class Prediction
{
    /// <summary>The raw logits, one per class.</summary>
    public float[] Score { get; set; } = [];

    /// <summary>Their softmax.</summary>
    public float[] Probability { get; set; } = [];

    /// <summary>The classes, most probable first.</summary>
    public string[] TopLabels { get; set; } = [];

    /// <summary>Their probabilities.</summary>
    public float[] TopScores { get; set; } = [];

    /// <summary>Their places in <see cref="Score"/> and <see cref="Probability"/>.</summary>
    public uint[] TopIndices { get; set; } = [];

    public float HotDogProbability => TopScores[Array.IndexOf(TopLabels, Photograph.HotDog)];
}
