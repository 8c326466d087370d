namespace MulticlassEvaluation.Foods;

/// <summary>Red, green and blue from 0 to 1.</summary>
internal readonly record struct Colour(float Red, float Green, float Blue)
{
    public static Colour Grey(float value) => new(value, value, value);

    public static Colour operator +(Colour first, Colour second) =>
        new(first.Red + second.Red, first.Green + second.Green, first.Blue + second.Blue);

    public static Colour operator *(Colour colour, float factor) => new(colour.Red * factor, colour.Green * factor, colour.Blue * factor);
}
