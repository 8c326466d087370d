using static MulticlassEvaluation.Foods.Shapes;

namespace MulticlassEvaluation.Foods;

/// <summary>A disc of cheese in a crust, with slices of sausage and now and then a leaf of basil.</summary>
internal static class Pizza
{
    private static readonly Colour Crust = new(0.80f, 0.58f, 0.32f), Cheese = new(0.95f, 0.76f, 0.36f), Sausage = new(0.75f, 0.22f, 0.16f);
    private static readonly Colour Basil = new(0.30f, 0.55f, 0.22f);

    public static Dish Cook(Random random)
    {
        double crust = Food.Between(random, 0.08, 0.2), slice = Food.Between(random, 0.13, 0.2);
        var slices = Scatter.Over(random, count: random.Next(4, 8), reach: 0.55);
        var leaves = Scatter.Over(random, count: random.Next(0, 4), reach: 0.55);
        return (x, y) =>
            !Disc(x, y, 0, 0, 0.92) ? null
            : !Disc(x, y, 0, 0, 0.92 - crust) ? Crust
            : leaves.Any(leaf => Ellipse(x, y, leaf.X, leaf.Y, 0.13, 0.07)) ? Basil
            : slices.Any(one => Disc(x, y, one.X, one.Y, slice)) ? Sausage
            : Cheese;
    }
}
