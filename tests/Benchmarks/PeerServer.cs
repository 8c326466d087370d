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
        var asked = "";
        Workload? work = null;
        Action action = () => { };
        while (input.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            var (classes, total, repetitions) = (Number(words[1]), Number(words[2]), Number(words[3]));
            if (asked != $"{words[0]} {classes} {total}")
            {
                asked = $"{words[0]} {classes} {total}";
                work?.Dispose();
                work = new Workload(total, classes);
                action = Operation(work, words[0]);
                SideBySide.WarmUp(action);
            }

            output.WriteLine(SideBySide.Time(action, repetitions).ToString("F1", CultureInfo.InvariantCulture));
            output.Flush();
        }

        work?.Dispose();
    }

    /// <summary>One of a workload's operations by its name.</summary>
    public static Action Operation(Workload work, string name) => name switch
    {
        "softmax" => work.Softmax,
        "logsoftmax" => work.LogSoftmax,
        "crossentropy" => work.CrossEntropy,
        "gradient" => work.CrossEntropyWithGradient,
        "row" => work.SoftmaxRowByRow,
        "copy" => work.Copy,
        _ when name.StartsWith("topk", StringComparison.Ordinal) => () => work.TopK(Number(name[4..])),
        _ => throw new ArgumentException(
            $"There is no operation {name}; there are softmax, logsoftmax, crossentropy, gradient, row, copy and topkN."),
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
