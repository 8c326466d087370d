using static MulticlassEvaluation.Foods.Shapes;

namespace MulticlassEvaluation.Foods;

/// <summary>A sausage in a long bun, with a wave of mustard.</summary>
internal static class HotDog
{
    private static readonly Colour Bun = new(0.85f, 0.62f, 0.34f), Sausage = new(0.66f, 0.24f, 0.16f), Mustard = new(0.95f, 0.80f, 0.15f);

    public static Dish Cook(Random random)
    {
        double bun = Food.Between(random, 0.32, 0.48), sausage = Food.Between(random, 0.13, 0.22), waves = Food.Between(random, 2.5, 4.5);
        bool hasMustard = random.NextDouble() < 0.8;
        return (x, y) =>
            hasMustard && Wave(x, y, 0, 0.7, 0.07, waves, 0.06) ? Mustard
            : RoundedBox(x, y, 0, 0, 0.92, sausage, sausage) ? Sausage
            : RoundedBox(x, y, 0, 0, 0.8, bun, bun * 0.9) ? Bun
            : null;
    }
}
