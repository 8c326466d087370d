using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Benchmarks;

/// <summary>
/// Times ways of doing the same, taking turns, so that whatever else the machine does hits all alike. What counts is the median, over the
/// rounds, of the ratio of two neighbours in time. Each runs where the stack is aligned as suits it best: vectors that it keeps there cross
/// lines otherwise, or not, a whole process long, and some take up to two and a half times as long for it.
/// </summary>
internal sealed class SideBySide(TimeSpan perTurn, int rounds)
{
    // The runtime aligns the stack to 16 bytes, and a line has 64.
    private const int LineSize = 64;
    private static readonly int[] Places = [0, 16, 32, 48];

    // On a busy machine, the clock mostly measures how long others were served. Wrong for ways that use several threads.
    private static readonly bool CountsProcessorTime = Environment.GetEnvironmentVariable("PROCESSOR_TIME") == "1";

    private readonly double ticksPerTurn = perTurn.TotalSeconds * Stopwatch.Frequency;

    /// <summary>For each contender its median time in nanoseconds, and the median of its time divided by the first one's.</summary>
    public (double Nanoseconds, double Ratio)[] Run(params ReadOnlySpan<Action> contenders)
    {
        var (repetitions, places) = (new int[contenders.Length], new int[contenders.Length]);
        for (var c = 0; c < contenders.Length; c++)
            (repetitions[c], places[c]) = Calibrate(contenders[c]);
        var times = new double[contenders.Length, rounds];
        for (var round = 0; round < rounds; round++)
        {
            for (var c = 0; c < contenders.Length; c++)
                times[c, round] = Time(contenders[c], repetitions[c], places[c]);
        }

        var turns = Enumerable.Range(0, rounds).ToArray();
        return [.. Enumerable.Range(0, contenders.Length).Select(c =>
            (Median(turns.Select(turn => times[c, turn])), Median(turns.Select(turn => times[c, turn] / times[0, turn]))))];
    }

    /// <summary>
    /// The least time of each way that takes long: by the clock, and by the processor time of all threads, which a busy machine disturbs
    /// less.
    /// </summary>
    public static (TimeSpan Clock, TimeSpan Processor)[] BestOf(int turns, Action[] ways)
    {
        var times = ways.Select(_ => new List<(TimeSpan Clock, TimeSpan Processor)>()).ToArray();
        for (var turn = 0; turn < turns; turn++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                GC.Collect();
                var (clock, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                ways[way]();
                times[way].Add((Stopwatch.GetElapsedTime(clock), Environment.CpuUsage.TotalTime - processor));
            }
        }

        return [.. times.Select(own => (own.Min(time => time.Clock), own.Min(time => time.Processor)))];
    }

    /// <summary>Nanoseconds per call.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static double Time(Action action, int repetitions)
    {
        var start = Now();
        for (var i = 0; i < repetitions; i++)
            action();
        return (Now() - start).TotalNanoseconds / repetitions;
    }

    private static TimeSpan Now() =>
        CountsProcessorTime ? Environment.CpuUsage.TotalTime : Stopwatch.GetElapsedTime(0);

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

    /// <summary>The same with the stack at some place in a line; compiled once and for all, since another frame would move it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static unsafe double Time(Action action, int repetitions, int place)
    {
        int here;
        Span<byte> room = stackalloc byte[(int)((nint)(&here) - place) & (LineSize - 1)];
        room.Clear();

        // What the way before left in the caches is written to memory now, and not while this one is timed.
        action();
        return Time(action, repetitions);
    }

    private (int Repetitions, int Place) Calibrate(Action action)
    {
        WarmUp(action);
        var single = Time(action, 2) / 1e9 * Stopwatch.Frequency;
        var repetitions = (int)Math.Clamp(ticksPerTurn / single, 1, 1_000_000);
        return (repetitions, Places.MinBy(place => Math.Min(Time(action, repetitions, place), Time(action, repetitions, place))));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
