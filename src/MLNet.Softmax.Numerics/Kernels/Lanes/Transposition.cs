using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Turns rows into columns and back, by steps within each 128 bits of a vector.</summary>
internal static unsafe class Transposition<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Loads pairs: the first of each and the second of each, in the same order of pairs, whichever that is.</summary>
    [MethodImpl(Inline)]
    public static void LoadPairs(float* source, out TLanes first, out TLanes second)
    {
        var (a, b) = (TLanes.Load(source), TLanes.Load(source + TLanes.Count));
        (first, second) = (TLanes.EvenOnes(a, b), TLanes.OddOnes(a, b));
    }

    /// <summary>Stores what <see cref="LoadPairs"/> loads.</summary>
    [MethodImpl(Inline)]
    public static void StorePairs(float* target, TLanes first, TLanes second)
    {
        TLanes.Store(target, TLanes.ZipLow(first, second));
        TLanes.Store(target + TLanes.Count, TLanes.ZipHigh(first, second));
    }

    /// <summary>Loads four neighbouring columns of as many rows as there are lanes: lane r of each result is from row r.</summary>
    /// <param name="source">The first column's value in the first row.</param>
    /// <param name="stride">How many floats lie between the starts of two rows; at least 4.</param>
    /// <param name="columns">Where the four go, one vector after the other.</param>
    [MethodImpl(Inline)]
    public static void LoadColumns(float* source, nint stride, TLanes* columns)
    {
        var (a, b) = (TLanes.LoadEveryFourthRow(source, stride), TLanes.LoadEveryFourthRow(source + stride, stride));
        var (c, d) = (TLanes.LoadEveryFourthRow(source + (2 * stride), stride), TLanes.LoadEveryFourthRow(source + (3 * stride), stride));
        TLanes.Transpose(ref a, ref b, ref c, ref d);
        (columns[0], columns[1], columns[2], columns[3]) = (a, b, c, d);
    }

    /// <summary>Stores what <see cref="LoadColumns"/> loads.</summary>
    [MethodImpl(Inline)]
    public static void StoreColumns(float* target, nint stride, TLanes first, TLanes second, TLanes third, TLanes fourth)
    {
        TLanes.Transpose(ref first, ref second, ref third, ref fourth);
        TLanes.StoreEveryFourthRow(target, stride, first);
        TLanes.StoreEveryFourthRow(target + stride, stride, second);
        TLanes.StoreEveryFourthRow(target + (2 * stride), stride, third);
        TLanes.StoreEveryFourthRow(target + (3 * stride), stride, fourth);
    }
}
