namespace HotDogPhotos;

/// <summary>What the model says of a photograph: the classes, most probable first, and their probabilities.</summary>
internal sealed class PhotoPrediction
{
    public string[] TopLabels { get; set; } = [];

    public float[] TopScores { get; set; } = [];
}
