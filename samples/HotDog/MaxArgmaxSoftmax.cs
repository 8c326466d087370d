using MLNet.Softmax.Numerics;
using Spectre.Console;

namespace HotDog;

/// <summary>One photograph, three answers: what each of max, argmax and softmax keeps of the scores.</summary>
internal static class MaxArgmaxSoftmax
{
    public static void Show(IReadOnlyList<JudgedPhotograph> judged)
    {
        var doubtful = JudgedPhotograph.MostDoubtful(judged);
        var scores = doubtful.Prediction.Score;
        var oneHot = new float[scores.Length];
        ArgMax.OneHot(scores, oneHot);
        var probabilities = new float[scores.Length];
        Softmax.Compute(scores, probabilities);

        string[] labels = [.. doubtful.Prediction.TopLabels];
        Array.Sort(doubtful.Prediction.TopIndices.ToArray(), labels);
        var table = new Table().Border(TableBorder.Rounded)
            .Title($"{Markup.Escape(doubtful.Photograph.Name)}, the most doubtful held-out photograph")
            .AddColumn("").AddColumns(labels).AddColumn("tells");
        foreach (var column in table.Columns.Skip(1).Take(labels.Length))
            column.RightAligned();
        void Row(string name, IEnumerable<string> cells, string tells) => table.AddRow([name, .. cells, tells]);
        Row("score", scores.Select(score => $"{score:0.000}"), "the raw answer: any real numbers");
        Row("max", scores.Select(score => score == Max.Compute(scores) ? $"{score:0.000}" : ""), "the highest score, on no known scale");
        Row("argmax", oneHot.Select(value => $"{value:0}"), "which class, but not how sure");
        Row("softmax", probabilities.Select(value => $"{value:0.000}"), "which class and how sure: it sums to 1");
        AnsiConsole.Write(table);
    }
}
