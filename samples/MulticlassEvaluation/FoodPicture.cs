using Microsoft.ML.Data;
using Colour = System.Numerics.Vector3;

namespace MulticlassEvaluation;

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
        return [.. Enumerable.Range(0, count).Select(index => Food.All[index % Food.All.Count])
            .Select(food => new FoodPicture { Label = food.Name, Features = camera.Shoot(food.Cook(random)) })];
    }
}

/// <summary>
/// Takes a picture of a dish from some angle and distance, in some light, with noise, and with something in the way now and then: what
/// makes the foods hard to tell apart.
/// </summary>
internal sealed class Camera(Random random)
{
    /// <summary>Pixels along each side of a picture.</summary>
    public const int Side = 16;

    /// <summary>Red, green and blue of every pixel, row by row.</summary>
    public const int ValueCount = Side * Side * 3;

    private const int SamplesPerSide = 2;
    private const double Noise = 0.1, ChanceOfOcclusion = 0.35;

    public float[] Shoot(Dish dish)
    {
        var (sine, cosine) = Math.SinCos(random.Between(-Math.PI, Math.PI));
        double zoom = random.Between(1.0, 1.4), shiftX = random.Between(-0.2, 0.2), shiftY = random.Between(-0.2, 0.2);
        var table = new Colour((float)random.NextDouble(), (float)random.NextDouble(), (float)random.NextDouble()) * 0.5f
            + new Colour(0.3f);
        var view = (double x, double y) =>
        {
            double fromCentreX = (x - shiftX) * zoom, fromCentreY = (y - shiftY) * zoom;
            return dish(cosine * fromCentreX + sine * fromCentreY, cosine * fromCentreY - sine * fromCentreX) ?? table;
        };
        var pixels = new Colour[Side * Side];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = Sample(view, i % Side, i / Side);
        if (random.NextDouble() < ChanceOfOcclusion)
            Occlude(pixels);
        return Develop(pixels);
    }

    private static Colour Sample(Func<double, double, Colour> view, int column, int row)
    {
        var sum = Colour.Zero;
        for (int i = 0; i < SamplesPerSide * SamplesPerSide; i++)
        {
            double x = column + (i % SamplesPerSide + 0.5) / SamplesPerSide, y = row + (i / SamplesPerSide + 0.5) / SamplesPerSide;
            sum += view(2 * x / Side - 1, 2 * y / Side - 1);
        }

        return sum * (1f / (SamplesPerSide * SamplesPerSide));
    }

    /// <summary>A napkin, a hand, another plate: a box of one colour over a part of the picture.</summary>
    private void Occlude(Colour[] pixels)
    {
        int width = random.Next(4, 10), height = random.Next(4, 10),
            left = random.Next(Side - width + 1), top = random.Next(Side - height + 1);
        var colour = new Colour((float)random.Between(0.2, 0.9));
        for (int row = top; row < top + height; row++)
            Array.Fill(pixels, colour, row * Side + left, width);
    }

    private float[] Develop(Colour[] pixels)
    {
        double light = random.Between(0.6, 1.25);
        var values = new float[ValueCount];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)Math.Clamp(light * pixels[i / 3][i % 3] + Noise * Normal(), 0, 1);
        return values;
    }

    /// <summary>Box and Muller's way from evenly spread numbers to a normal one.</summary>
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

internal static class RandomExtensions
{
    /// <summary>A number from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public static double Between(this Random random, double from, double to) => from + random.NextDouble() * (to - from);
}
