namespace MulticlassEvaluation.Foods;

/// <summary>The colour of a dish at a point of the square from -1 to 1; null beside the dish.</summary>
internal delegate Colour? Dish(double x, double y);

/// <summary>A class of pictures, with what it takes to make one more dish of it.</summary>
internal sealed record Food(string Name, Func<Random, Dish> Cook)
{
    public static IReadOnlyList<Food> All { get; } =
    [
        new("hot dog", HotDog.Cook), new("burger", Burger.Cook),
        new("pizza", Pizza.Cook), new("sushi", Sushi.Cook), new("salad", Salad.Cook),
    ];

    /// <summary>A number from <paramref name="from"/> to <paramref name="to"/>: no two dishes are the same.</summary>
    internal static double Between(Random random, double from, double to) => from + random.NextDouble() * (to - from);
}
