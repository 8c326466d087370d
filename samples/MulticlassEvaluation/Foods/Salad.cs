using static MulticlassEvaluation.Foods.Shapes;

namespace MulticlassEvaluation.Foods;

/// <summary>A bowl of leaves with tomatoes, and croutons the colour of a crust.</summary>
internal static class Salad
{
    private static readonly Colour Bowl = new(0.80f, 0.82f, 0.85f), Leaf = new(0.36f, 0.62f, 0.22f), DarkLeaf = new(0.24f, 0.45f, 0.16f);
    private static readonly Colour Tomato = new(0.80f, 0.20f, 0.15f), Crouton = new(0.82f, 0.62f, 0.36f);

    public static Dish Cook(Random random)
    {
        var dark = Scatter.Over(random, count: random.Next(4, 9), reach: 0.6);
        var tomatoes = Scatter.Over(random, count: random.Next(1, 5), reach: 0.5);
        var croutons = Scatter.Over(random, count: random.Next(0, 4), reach: 0.5);
        return (x, y) =>
            !Disc(x, y, 0, 0, 0.94) ? null
            : !Disc(x, y, 0, 0, 0.8) ? Bowl
            : tomatoes.Any(one => Disc(x, y, one.X, one.Y, 0.17)) ? Tomato
            : croutons.Any(one => RoundedBox(x, y, one.X, one.Y, 0.12, 0.12, 0.03)) ? Crouton
            : dark.Any(one => Ellipse(x, y, one.X, one.Y, 0.24, 0.13)) ? DarkLeaf
            : Leaf;
    }
}
