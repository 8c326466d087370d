using Microsoft.ML;

namespace HotDog;

/// <summary>A held-out photograph with what the model says of it.</summary>
internal sealed record JudgedPhotograph(Photograph Photograph, Prediction Prediction)
{
    public bool IsHotDog => Photograph.Label == Photograph.HotDog;

    public float HotDogProbability => Prediction.HotDogProbability;

    public static IReadOnlyList<JudgedPhotograph> Read(MLContext mlContext, ITransformer model, IDataView data)
    {
        var photographs = mlContext.Data.CreateEnumerable<Photograph>(data, reuseRowObject: false);
        var predictions = mlContext.Data.CreateEnumerable<Prediction>(model.Transform(data), reuseRowObject: false);
        return [.. photographs.Zip(predictions, (photograph, prediction) => new JudgedPhotograph(photograph, prediction))];
    }

    /// <summary>The photograph that the model is least sure of.</summary>
    public static JudgedPhotograph MostDoubtful(IReadOnlyList<JudgedPhotograph> judged) =>
        judged.MinBy(one => one.Prediction.TopScores[0])!;
}
