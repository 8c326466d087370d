using System.Diagnostics;

namespace Benchmarks;

/// <summary>
/// Times ways of doing the same, taking turns, so that whatever else the machine does hits all alike. What counts is the median, over the
/// rounds, of the ratio of two neighbours in time.
/// </summary>
internal sealed class SideBySide(TimeSpan perTurn, int rounds)
{
    private readonly double ticksPerTurn = perTurn.TotalSeconds * Stopwatch.Frequency;

    /// <summary>For each contender its median time in nanoseconds, and the median of its time divided by the first one's.</summary>
    public (double Nanoseconds, double Ratio)[] Run(params ReadOnlySpan<Action> contenders)
    {
        var repetitions = new int[contenders.Length];
        for (var c = 0; c < contenders.Length; c++)
            repetitions[c] = Calibrate(contenders[c]);
        var times = new double[contenders.Length, rounds];
        for (var round = 0; round < rounds; round++)
        {
            for (var c = 0; c < contenders.Length; c++)
                times[c, round] = Time(contenders[c], repetitions[c]);
        }

        var results = new (double, double)[contenders.Length];
        for (var c = 0; c < contenders.Length; c++)
        {
            var contender = c;
            results[c] = (Median(Enumerable.Range(0, rounds).Select(round => times[contender, round])),
                Median(Enumerable.Range(0, rounds).Select(round => times[contender, round] / times[0, round])));
        }

        return results;
    }

    /// <summary>Nanoseconds per call.</summary>
    public static double Time(Action action, int repetitions)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repetitions; i++)
            action();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / repetitions;
    }

    /// <summary>Calls long enough for the compiler to reach its last tier.</summary>
    public static void WarmUp(Action action)
    {
        for (var i = 0; i < 3; i++)
        {
            var until = Stopwatch.GetTimestamp() + (long)(Stopwatch.Frequency * 0.05);
            do
                action();
            while (Stopwatch.GetTimestamp() < until);
            Thread.Sleep(i == 2 ? 0 : 120);
        }
    }

    private int Calibrate(Action action)
    {
        WarmUp(action);
        var single = Time(action, 2) / 1e9 * Stopwatch.Frequency;
        return (int)Math.Clamp(ticksPerTurn / single, 1, 1_000_000);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
