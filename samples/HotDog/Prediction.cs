namespace HotDog;

/// <summary>What the model says of a photograph.</summary>
internal sealed class Prediction
{
    /// <summary>The column of the softmax of the scores as they are.</summary>
    public const string BeforeCalibration = "Uncalibrated";

    /// <summary>The raw logits, one per class.</summary>
    public float[] Score { get; set; } = [];

    /// <summary>Their softmax at the fitted temperature.</summary>
    public float[] Probability { get; set; } = [];

    /// <summary>The classes, most probable first.</summary>
    public string[] TopLabels { get; set; } = [];

    /// <summary>Their probabilities.</summary>
    public float[] TopScores { get; set; } = [];

    /// <summary>Their places in <see cref="Score"/> and <see cref="Probability"/>.</summary>
    public uint[] TopIndices { get; set; } = [];

    /// <summary>The labels of which one is the true one for nine photographs in ten.</summary>
    public string[] PredictionSet { get; set; } = [];

    public int PredictionSetSize { get; set; }

    public float HotDogProbability => TopScores[Array.IndexOf(TopLabels, Photograph.HotDog)];
}
