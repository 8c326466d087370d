using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace HotDog;

/// <summary>
/// A photograph to learn from or to evaluate on: its name, its class, and either what the network computed of it, in the shape that the
/// network gives, or the picture itself for ML.NET's ImageClassification.
/// </summary>
internal sealed class Photograph
{
    public string Image { get; set; } = "";

    public string Label { get; set; } = "";

    [VectorType(1, ImageNetwork.FeatureCount, 1, 1)]
    public float[] Features { get; set; } = [];

    public byte[] Jpeg { get; set; } = [];
}

/// <summary>A photograph as the saved model reads it: the path of its file.</summary>
internal sealed class PhotographFile
{
    public string ImagePath { get; set; } = "";
}

/// <summary>A photograph in memory.</summary>
internal sealed class PhotographInMemory
{
    // ML.NET wants a size here, but ResizeImages goes by the picture's own.
    [ImageType(ImageNetwork.Side, ImageNetwork.Side)]
    public MLImage Image { get; set; } = null!;

    /// <summary>The same picture for a model of ImageClassification; no other model asks for it.</summary>
    public byte[] Jpeg
    {
        get => field ??= PhotographReader.ToJpeg(Image, ImageNetwork.JpegSide);
        set;
    }
}

/// <summary>What the network computed of a photograph.</summary>
internal sealed class PhotographFeatures
{
    [VectorType(1, ImageNetwork.FeatureCount, 1, 1)]
    public float[] Features { get; set; } = [];
}

/// <summary>What the model says about a photograph.</summary>
internal class Answer
{
    /// <summary>The classes, most probable first.</summary>
    public string[] TopLabels { get; set; } = [];

    /// <summary>Their probabilities.</summary>
    public float[] TopScores { get; set; } = [];

    /// <summary>Labels that contain the true one for nine photographs in ten.</summary>
    public string[] PredictionSet { get; set; } = [];

    /// <summary>The class at the model's threshold, which need not be the most probable one.</summary>
    public string PredictedLabel { get; set; } = "";
}

/// <summary>A held-out photograph with the model's answer.</summary>
internal sealed class EvaluatedPhotograph : Answer
{
    public string Image { get; set; } = "";

    /// <summary>The trainer's scores, one per class.</summary>
    public float[] Score { get; set; } = [];

    /// <summary>Their calibrated probabilities.</summary>
    public float[] Probability { get; set; } = [];
}
