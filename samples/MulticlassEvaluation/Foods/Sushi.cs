using static MulticlassEvaluation.Foods.Shapes;

namespace MulticlassEvaluation.Foods;

/// <summary>Either a roll seen from the end, or a slice of salmon on rice.</summary>
internal static class Sushi
{
    private static readonly Colour Rice = new(0.94f, 0.93f, 0.89f), Seaweed = new(0.10f, 0.20f, 0.14f), Salmon = new(0.96f, 0.55f, 0.38f);
    private static readonly Colour Cucumber = new(0.50f, 0.75f, 0.38f), Fat = new(0.99f, 0.80f, 0.68f);

    public static Dish Cook(Random random) => random.NextDouble() < 0.5 ? Roll(random) : SalmonOnRice(random);

    private static Dish Roll(Random random)
    {
        double seaweed = Food.Between(random, 0.1, 0.18), core = Food.Between(random, 0.2, 0.34);
        var filling = random.NextDouble() < 0.7 ? Salmon : Cucumber;
        return (x, y) =>
            Disc(x, y, 0, 0, core) ? filling
            : Disc(x, y, 0, 0, 0.85 - seaweed) ? Rice
            : Disc(x, y, 0, 0, 0.85) ? Seaweed
            : null;
    }

    private static Dish SalmonOnRice(Random random)
    {
        double slant = Food.Between(random, 0.3, 0.6);
        bool hasBand = random.NextDouble() < 0.3;
        return (x, y) =>
            hasBand && Math.Abs(x) < 0.12 && RoundedBox(x, y, 0, 0.02, 0.8, 0.44, 0.2) ? Seaweed
            : RoundedBox(x, y, 0, -0.14, 0.9, 0.26, 0.2) ? Math.Abs((x + slant * y) * 5 % 1) < 0.2 ? Fat : Salmon
            : RoundedBox(x, y, 0, 0.2, 0.75, 0.26, 0.2) ? Rice
            : null;
    }
}
