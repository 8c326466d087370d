using static MulticlassEvaluation.Foods.Shapes;

namespace MulticlassEvaluation.Foods;

/// <summary>Seen from the side: half a bun, lettuce, meat, cheese perhaps, and the other half.</summary>
internal static class Burger
{
    private static readonly Colour Bun = new(0.82f, 0.56f, 0.28f), Lettuce = new(0.40f, 0.68f, 0.24f), Meat = new(0.36f, 0.19f, 0.12f);
    private static readonly Colour Cheese = new(0.97f, 0.75f, 0.22f);

    public static Dish Cook(Random random)
    {
        double top = Food.Between(random, 0.55, 0.8), meat = Food.Between(random, 0.1, 0.18), waves = Food.Between(random, 3, 6);
        bool hasCheese = random.NextDouble() < 0.6;
        return (x, y) =>
            y < -0.08 && Ellipse(x, y, 0, -0.08, 0.85, top) ? Bun
            : Wave(x, y, 0, 0.9, 0.05, waves, 0.09) ? Lettuce
            : hasCheese && RoundedBox(x, y, 0, 0.13, 0.8, 0.06, 0.05) ? Cheese
            : RoundedBox(x, y, 0, 0.26, 0.85, meat, 0.09) ? Meat
            : RoundedBox(x, y, 0, 0.56, 0.82, 0.2, 0.15) ? Bun
            : null;
    }
}
