using Microsoft.ML.Data;

namespace MulticlassEvaluation.Foods;

/// <summary>A labelled picture, as ML.NET reads it.</summary>
internal sealed class FoodPicture
{
    public string Label { get; set; } = "";

    [VectorType(Camera.ValueCount)]
    public float[] Features { get; set; } = [];

    /// <summary>Pictures of all foods in turn; the same seed gives the same pictures.</summary>
    public static FoodPicture[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        var camera = new Camera(random);
        var pictures = new FoodPicture[count];
        for (int i = 0; i < count; i++)
        {
            var food = Food.All[i % Food.All.Count];
            pictures[i] = new FoodPicture { Label = food.Name, Features = camera.Shoot(food.Cook(random)) };
        }

        return pictures;
    }
}
