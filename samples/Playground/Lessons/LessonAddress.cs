using System.Globalization;

namespace Playground.Lessons;

/// <summary>
/// A lesson's state as the query of an address, such as ?z=3.1,0.7,0.2,0.9,-0.4&amp;t=0.5. What is missing has its default.
/// </summary>
internal static class LessonAddress
{
    private const int Digits = 4;

    public static string QueryOf(Lesson lesson)
    {
        var (parts, standard) = (new List<string>(), new Lesson());
        void Add(string name, string value, string usual)
        {
            if (value != usual)
                parts.Add($"{name}={value}");
        }

        Add("z", List(lesson.Logits), List(standard.Logits));
        Add("t", Number(lesson.Temperature), Number(standard.Temperature));
        Add("truth", Number(lesson.Truth), Number(standard.Truth));
        Add("d", Number(lesson.Difference), Number(standard.Difference));
        Add("h", Number(lesson.Threshold), Number(standard.Threshold));
        Add("x", List(lesson.LargeLogits), List(standard.LargeLogits));
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    /// <summary>Reads a state. A part that is damaged or out of range is ignored.</summary>
    public static Lesson Read(string address)
    {
        var lesson = new Lesson();
        var query = new Uri(address).Query;
        foreach (var part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=') is [var name, var value])
                Set(lesson, name, Array.ConvertAll(Uri.UnescapeDataString(value).Split(','), Parse));
        }

        return lesson;
    }

    private static void Set(Lesson lesson, string name, float[] values)
    {
        if (!values.All(float.IsFinite))
            return;
        switch (name, values)
        {
            case ("z", { Length: Lesson.ClassCount }):
                values.CopyTo(lesson.Logits, 0);
                break;
            case ("t", [>= 0.1f and <= 10]):
                lesson.Temperature = values[0];
                break;
            case ("truth", [>= 0 and < Lesson.ClassCount]):
                lesson.Truth = (int)values[0];
                break;
            case ("d", [>= -Lesson.LargestLogit and <= Lesson.LargestLogit]):
                lesson.Difference = values[0];
                break;
            case ("h", [>= 0 and <= 1]):
                lesson.Threshold = values[0];
                break;
            case ("x", { Length: 3 }):
                values.CopyTo(lesson.LargeLogits, 0);
                break;
        }
    }

    private static float Parse(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : float.NaN;

    private static string List(float[] values) => string.Join(',', values.Select(value => Number(value)));

    private static string Number(float value) => MathF.Round(value, Digits).ToString(CultureInfo.InvariantCulture);
}
