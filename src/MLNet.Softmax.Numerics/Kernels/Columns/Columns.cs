namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Transposes rows of a few classes into columns, one row per lane, and back.</summary>
internal static unsafe class Columns<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>
    /// Loads as many rows as there are lanes, of at least two classes, and returns each one's largest score. There is room for at least
    /// 8 columns. Whether another row follows decides whether two more floats may be read.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static TLanes Load(float* scores, int classCount, TLanes* columns, bool followed)
    {
        if (classCount < 4)
            return LoadFew(scores, classCount, columns, followed);
        var largest = TLanes.Create(float.NegativeInfinity);
        for (var c = 0; c < classCount; c += 4)
        {
            // Columns come in fours; the last four may overlap the ones before.
            var first = Math.Min(c, classCount - 4);
            Transposition<TLanes>.LoadColumns(scores + first, classCount, columns + first);
            largest = TLanes.Max(
                largest, TLanes.Max(TLanes.Max(columns[first], columns[first + 1]), TLanes.Max(columns[first + 2], columns[first + 3])));
        }

        return largest;
    }

    /// <summary>Stores the columns as rows, each value multiplied by its row's factor.</summary>
    [MethodImpl(Hot.Inline)]
    public static void Store(float* target, int classCount, TLanes* columns, TLanes factor)
    {
        if (classCount < 4)
        {
            StoreFew(target, classCount, columns, factor);
            return;
        }

        for (var c = 0; c < classCount; c += 4)
        {
            var first = Math.Min(c, classCount - 4);
            Transposition<TLanes>.StoreColumns(
                target + first, classCount, columns[first] * factor, columns[first + 1] * factor,
                columns[first + 2] * factor, columns[first + 3] * factor);
        }
    }

    [MethodImpl(Hot.Inline)]
    private static TLanes LoadFew(float* scores, int classCount, TLanes* columns, bool followed)
    {
        if (followed)
        {
            Transposition<TLanes>.LoadColumns(scores, classCount, columns);
        }
        else
        {
            for (var row = 0; row < TLanes.Count; row++)
            {
                for (var c = 0; c < classCount; c++)
                    ((float*)(columns + c))[row] = scores[(row * classCount) + c];
            }
        }

        var largest = TLanes.Max(columns[0], columns[1]);
        return classCount == 3 ? TLanes.Max(largest, columns[2]) : largest;
    }

    /// <summary>Stores each row as four floats; the next row then overwrites the floats that belong to it.</summary>
    [MethodImpl(Hot.Inline)]
    private static void StoreFew(float* target, int classCount, TLanes* columns, TLanes factor)
    {
        var rows = (float*)(columns + 4);
        Transposition<TLanes>.StoreColumns(rows, 4, columns[0] * factor, columns[1] * factor, columns[classCount - 1] * factor, factor);
        var row = 0;
        for (; row < TLanes.Count - 1; row++)
            Vector128.Load(rows + (4 * row)).Store(target + (row * classCount));
        for (var c = 0; c < classCount; c++)
            target[(row * classCount) + c] = rows[(4 * row) + c];
    }

    /// <summary>
    /// Prefetches as many rows as there are lanes: the hardware prefetcher does not predict reads from this many places at once.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static void Prefetch(float* scores, int classCount)
    {
        const int FloatsPerLine = 16;
        if (!Sse.IsSupported || classCount < FloatsPerLine)
            return;
        for (var i = 0; i < TLanes.Count * classCount; i += FloatsPerLine)
            Sse.Prefetch0(scores + i);
    }
}

/// <summary>Transposes rows into columns and back, by steps within each 128 bits of a vector.</summary>
internal static unsafe class Transposition<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Loads pairs: the first of each and the second of each, both in the same order of pairs, which can be any.</summary>
    [MethodImpl(Hot.Inline)]
    public static void LoadPairs(float* source, out TLanes first, out TLanes second)
    {
        var (a, b) = (TLanes.Load(source), TLanes.Load(source + TLanes.Count));
        (first, second) = (TLanes.EvenOnes(a, b), TLanes.OddOnes(a, b));
    }

    /// <summary>Stores what <see cref="LoadPairs"/> loads.</summary>
    [MethodImpl(Hot.Inline)]
    public static void StorePairs(float* target, TLanes first, TLanes second)
    {
        TLanes.Store(target, TLanes.ZipLow(first, second));
        TLanes.Store(target + TLanes.Count, TLanes.ZipHigh(first, second));
    }

    /// <summary>
    /// Loads four neighbouring columns of as many rows as there are lanes: lane r of each result is from row r. From one row to the next
    /// are <paramref name="stride"/> floats, at least 4.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static void LoadColumns(float* source, nint stride, TLanes* columns)
    {
        var (a, b) = (TLanes.LoadEveryFourthRow(source, stride), TLanes.LoadEveryFourthRow(source + stride, stride));
        var (c, d) = (TLanes.LoadEveryFourthRow(source + (2 * stride), stride), TLanes.LoadEveryFourthRow(source + (3 * stride), stride));
        TLanes.Transpose(ref a, ref b, ref c, ref d);
        (columns[0], columns[1], columns[2], columns[3]) = (a, b, c, d);
    }

    /// <summary>Stores what <see cref="LoadColumns"/> loads.</summary>
    [MethodImpl(Hot.Inline)]
    public static void StoreColumns(float* target, nint stride, TLanes first, TLanes second, TLanes third, TLanes fourth)
    {
        TLanes.Transpose(ref first, ref second, ref third, ref fourth);
        TLanes.StoreEveryFourthRow(target, stride, first);
        TLanes.StoreEveryFourthRow(target + stride, stride, second);
        TLanes.StoreEveryFourthRow(target + (2 * stride), stride, third);
        TLanes.StoreEveryFourthRow(target + (3 * stride), stride, fourth);
    }

    /// <summary>The steps of <see cref="ILanes{TSelf}.Transpose"/>, where there are no instructions that need fewer registers.</summary>
    [MethodImpl(Hot.Inline)]
    public static void Transpose(ref TLanes a, ref TLanes b, ref TLanes c, ref TLanes d)
    {
        var (acLow, acHigh) = (TLanes.ZipLow(a, c), TLanes.ZipHigh(a, c));
        var (bdLow, bdHigh) = (TLanes.ZipLow(b, d), TLanes.ZipHigh(b, d));
        (a, b) = (TLanes.ZipLow(acLow, bdLow), TLanes.ZipHigh(acLow, bdLow));
        (c, d) = (TLanes.ZipLow(acHigh, bdHigh), TLanes.ZipHigh(acHigh, bdHigh));
    }
}
