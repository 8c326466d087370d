using Colour = System.Numerics.Vector3;

namespace MulticlassEvaluation;

/// <summary>The colour of a dish at a point of the square from -1 to 1, y downwards; null beside the dish.</summary>
internal delegate Colour? Dish(double x, double y);

/// <summary>A class of pictures, with what it takes to make one more dish of it: no two dishes are the same.</summary>
internal sealed record Food(string Name, Func<Random, Dish> Cook)
{
    public static IReadOnlyList<Food> All { get; } =
        [new("hot dog", HotDog), new("burger", Burger), new("pizza", Pizza), new("sushi", Sushi), new("salad", Salad)];

    /// <summary>A sausage in a long bun, with a wave of mustard.</summary>
    private static Dish HotDog(Random random)
    {
        Colour bun = new(0.85f, 0.62f, 0.34f), sausage = new(0.66f, 0.24f, 0.16f), mustard = new(0.95f, 0.80f, 0.15f);
        double bunSize = random.Between(0.32, 0.48), sausageSize = random.Between(0.13, 0.22), waves = random.Between(2.5, 4.5);
        bool hasMustard = random.NextDouble() < 0.8;
        return (x, y) =>
            hasMustard && Wave(x, y, 0, 0.7, 0.07, waves, 0.06) ? mustard
            : RoundedBox(x, y, 0, 0, 0.92, sausageSize, sausageSize) ? sausage
            : RoundedBox(x, y, 0, 0, 0.8, bunSize, bunSize * 0.9) ? bun
            : null;
    }

    /// <summary>Seen from the side: half a bun, lettuce, meat, cheese perhaps, and the other half.</summary>
    private static Dish Burger(Random random)
    {
        Colour bun = new(0.82f, 0.56f, 0.28f), lettuce = new(0.40f, 0.68f, 0.24f), meat = new(0.36f, 0.19f, 0.12f);
        Colour cheese = new(0.97f, 0.75f, 0.22f);
        double top = random.Between(0.55, 0.8), meatSize = random.Between(0.1, 0.18), waves = random.Between(3, 6);
        bool hasCheese = random.NextDouble() < 0.6;
        return (x, y) =>
            y < -0.08 && Ellipse(x, y, 0, -0.08, 0.85, top) ? bun
            : Wave(x, y, 0, 0.9, 0.05, waves, 0.09) ? lettuce
            : hasCheese && RoundedBox(x, y, 0, 0.13, 0.8, 0.06, 0.05) ? cheese
            : RoundedBox(x, y, 0, 0.26, 0.85, meatSize, 0.09) ? meat
            : RoundedBox(x, y, 0, 0.56, 0.82, 0.2, 0.15) ? bun
            : null;
    }

    /// <summary>A disc of cheese in a crust, with slices of sausage and now and then a leaf of basil.</summary>
    private static Dish Pizza(Random random)
    {
        Colour crust = new(0.80f, 0.58f, 0.32f), cheese = new(0.95f, 0.76f, 0.36f), sausage = new(0.75f, 0.22f, 0.16f);
        Colour basil = new(0.30f, 0.55f, 0.22f);
        double crustSize = random.Between(0.08, 0.2), sliceSize = random.Between(0.13, 0.2);
        var slices = Scatter(random, count: random.Next(4, 8), reach: 0.55);
        var leaves = Scatter(random, count: random.Next(0, 4), reach: 0.55);
        return (x, y) =>
            !Disc(x, y, 0, 0, 0.92) ? null
            : !Disc(x, y, 0, 0, 0.92 - crustSize) ? crust
            : leaves.Any(leaf => Ellipse(x, y, leaf.X, leaf.Y, 0.13, 0.07)) ? basil
            : slices.Any(one => Disc(x, y, one.X, one.Y, sliceSize)) ? sausage
            : cheese;
    }

    /// <summary>Either a roll seen from the end, or a slice of salmon on rice.</summary>
    private static Dish Sushi(Random random)
    {
        Colour rice = new(0.94f, 0.93f, 0.89f), seaweed = new(0.10f, 0.20f, 0.14f), salmon = new(0.96f, 0.55f, 0.38f);
        Colour cucumber = new(0.50f, 0.75f, 0.38f), fat = new(0.99f, 0.80f, 0.68f);
        if (random.NextDouble() < 0.5)
        {
            double seaweedSize = random.Between(0.1, 0.18), core = random.Between(0.2, 0.34);
            var filling = random.NextDouble() < 0.7 ? salmon : cucumber;
            return (x, y) =>
                Disc(x, y, 0, 0, core) ? filling
                : Disc(x, y, 0, 0, 0.85 - seaweedSize) ? rice
                : Disc(x, y, 0, 0, 0.85) ? seaweed
                : null;
        }

        double slant = random.Between(0.3, 0.6);
        bool hasBand = random.NextDouble() < 0.3;
        return (x, y) =>
            hasBand && Math.Abs(x) < 0.12 && RoundedBox(x, y, 0, 0.02, 0.8, 0.44, 0.2) ? seaweed
            : RoundedBox(x, y, 0, -0.14, 0.9, 0.26, 0.2) ? Math.Abs((x + slant * y) * 5 % 1) < 0.2 ? fat : salmon
            : RoundedBox(x, y, 0, 0.2, 0.75, 0.26, 0.2) ? rice
            : null;
    }

    /// <summary>A bowl of leaves with tomatoes, and croutons the colour of a crust.</summary>
    private static Dish Salad(Random random)
    {
        Colour bowl = new(0.80f, 0.82f, 0.85f), leaf = new(0.36f, 0.62f, 0.22f), darkLeaf = new(0.24f, 0.45f, 0.16f);
        Colour tomato = new(0.80f, 0.20f, 0.15f), crouton = new(0.82f, 0.62f, 0.36f);
        var dark = Scatter(random, count: random.Next(4, 9), reach: 0.6);
        var tomatoes = Scatter(random, count: random.Next(1, 5), reach: 0.5);
        var croutons = Scatter(random, count: random.Next(0, 4), reach: 0.5);
        return (x, y) =>
            !Disc(x, y, 0, 0, 0.94) ? null
            : !Disc(x, y, 0, 0, 0.8) ? bowl
            : tomatoes.Any(one => Disc(x, y, one.X, one.Y, 0.17)) ? tomato
            : croutons.Any(one => RoundedBox(x, y, one.X, one.Y, 0.12, 0.12, 0.03)) ? crouton
            : dark.Any(one => Ellipse(x, y, one.X, one.Y, 0.24, 0.13)) ? darkLeaf
            : leaf;
    }

    private static bool Ellipse(double x, double y, double centreX, double centreY, double radiusX, double radiusY) =>
        Square((x - centreX) / radiusX) + Square((y - centreY) / radiusY) <= 1;

    private static bool Disc(double x, double y, double centreX, double centreY, double radius) =>
        Ellipse(x, y, centreX, centreY, radius, radius);

    private static bool RoundedBox(double x, double y, double centreX, double centreY, double halfWidth, double halfHeight, double round) =>
        Square(Math.Max(0, Math.Abs(x - centreX) - halfWidth + round))
        + Square(Math.Max(0, Math.Abs(y - centreY) - halfHeight + round)) <= Square(round);

    /// <summary>A wavy stripe along y = <paramref name="centreY"/>.</summary>
    private static bool Wave(double x, double y, double centreY, double halfWidth, double reach, double waves, double halfHeight) =>
        Math.Abs(x) <= halfWidth && Math.Abs(y - centreY - reach * Math.Sin(waves * Math.PI * x)) <= halfHeight;

    private static double Square(double value) => value * value;

    /// <summary>Places for toppings: points spread evenly over a disc.</summary>
    private static (double X, double Y)[] Scatter(Random random, int count, double reach) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
        double radius = reach * Math.Sqrt(random.NextDouble());
        return (radius * cosine, radius * sine);
    })];
}
