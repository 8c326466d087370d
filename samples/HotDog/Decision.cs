using Spectre.Console;

namespace HotDog;

/// <summary>The binary decision: hot dog when its probability reaches the threshold.</summary>
internal static class Decision
{
    public static bool IsHotDog(float probability, float threshold) => probability >= threshold;

    public static void Show(IReadOnlyList<JudgedPhotograph> judged, float threshold)
    {
        AnsiConsole.WriteLine($"Hot dog from a probability of {threshold:0.00} on (--threshold); {judged.Count} held-out photographs:");
        var table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn("called a hot dog").AddColumn("called something else");
        foreach (var isHotDog in new[] { true, false })
        {
            var group = judged.Where(one => one.IsHotDog == isHotDog).ToList();
            var called = group.Count(one => IsHotDog(one.HotDogProbability, threshold));
            table.AddRow(isHotDog ? "is a hot dog" : "is none", Colour(called, isHotDog), Colour(group.Count - called, !isHotDog));
        }

        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        AnsiConsole.Write(table);
    }

    private static string Colour(int count, bool isRight) => isRight ? $"[green]{count}[/]" : $"[red]{count}[/]";
}
