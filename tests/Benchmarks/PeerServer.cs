using System.Globalization;

namespace Benchmarks;

/// <summary>
/// Lets a script in another language take turns with this library: each line it writes is "operation classes total repetitions", each
/// answer the nanoseconds per call.
/// </summary>
internal static class PeerServer
{
    public static void Run(TextReader input, TextWriter output)
    {
        Workload? work = null;
        var warm = "";
        while (input.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            var (classes, total, repetitions) = (Number(words[1]), Number(words[2]), Number(words[3]));
            if (work is null || work.ClassCount != classes || work.RowCount != Math.Max(1, total / classes))
            {
                work?.Dispose();
                work = new Workload(total, classes);
            }

            var current = work;
            Action action = words[0] switch
            {
                "softmax" => current.Softmax,
                "logsoftmax" => current.LogSoftmax,
                "copy" => current.Copy,
                var topK when topK.StartsWith("topk", StringComparison.Ordinal) => () => current.TopK(Number(topK[4..])),
                var other => throw new ArgumentException($"There is no operation {other}; there are softmax, logsoftmax, copy and topkN."),
            };
            if (warm != $"{words[0]} {classes} {total}")
            {
                warm = $"{words[0]} {classes} {total}";
                SideBySide.WarmUp(action);
            }

            output.WriteLine(SideBySide.Time(action, repetitions).ToString("F1", CultureInfo.InvariantCulture));
            output.Flush();
        }

        work?.Dispose();
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
