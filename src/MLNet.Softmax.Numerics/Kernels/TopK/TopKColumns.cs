namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The k largest values of each of many short rows. Transposes as many rows as there are lanes into columns, and inserts each column into
/// the columns of the largest values so far: in all rows at once, without a branch.
/// </summary>
internal static unsafe class TopKColumns<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const int MostPlaces = 16;

    /// <summary>Whether rows of this shape are faster this way than one by one, as measured.</summary>
    public static bool Suits(int classCount, int k) => classCount > 1 && k switch
    {
        1 => classCount < 4 * TLanes.Count,
        <= 5 => classCount <= 8 * TLanes.Count,
        <= MostPlaces => classCount <= Math.Min(8 * TLanes.Count, 60),
        _ => false,
    };

    /// <summary>Writes the k largest of each row.</summary>
    /// <returns>The number of rows done, from the first on: whole blocks, up to one that needs the order of -infinity and NaN.</returns>
    [SkipLocalsInit]
    [MethodImpl(Hot.Loop)]
    public static nint Write(float* scores, nint rowCount, int classCount, int k, int* indices, float* values)
    {
        // Storing and loading a vector that crosses two cache lines has half the speed.
        var scratch = stackalloc TLanes[8 + (2 * MostPlaces) + 1];
        var columns = (TLanes*)(((nuint)scratch + (nuint)sizeof(TLanes) - 1) & ~((nuint)sizeof(TLanes) - 1));
        var best = columns + 8;
        var index = best + MostPlaces;
        nint row = 0;
        for (; row <= rowCount - TLanes.Count; row += TLanes.Count)
        {
            var followed = row + TLanes.Count < rowCount;
            if (followed)
                Columns<TLanes>.Prefetch(scores + ((row + TLanes.Count) * classCount), classCount);
            Find(scores + (row * classCount), classCount, k, columns, followed, best, index);
            if (BitOperations.PopCount(TLanes.GreaterThan(best[k - 1], TLanes.Create(float.NegativeInfinity))) < TLanes.Count)
                break;
            Store(best, k, values + (row * k));
            Store(index, k, (float*)indices + (row * k));
        }

        return row;
    }

    [MethodImpl(Hot.Inline)]
    private static void Find(float* scores, int classCount, int k, TLanes* columns, bool followed, TLanes* best, TLanes* index)
    {
        for (var place = 0; place < k; place++)
            best[place] = TLanes.Create(float.NegativeInfinity);
        var (largest, largestIndex) = (best[0], default(TLanes));
        var first = 0;
        if (classCount < 4)
            Columns<TLanes>.Load(scores, classCount, columns, followed);
        for (var c = 0; c < classCount; c++)
        {
            if (classCount >= 4 && c % 4 == 0)
            {
                // Columns come in fours; the last four may overlap the ones before.
                first = Math.Min(c, classCount - 4);
                Transposition<TLanes>.LoadColumns(scores + first, classCount, columns);
            }

            Insert(columns[c - first], c, k, best, index, ref largest, ref largestIndex);
        }

        (best[0], index[0]) = (largest, largestIndex);
    }

    /// <summary>
    /// Each place gets the one above it if the column belongs higher up, otherwise the column if that is larger. NaN changes nothing.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    private static void Insert(
        TLanes column, int columnIndex, int k, TLanes* best, TLanes* index, ref TLanes largest, ref TLanes largestIndex)
    {
        // The index is stored as the bits of a float; selecting does not interpret them.
        var here = TLanes.Create(BitConverter.Int32BitsToSingle(columnIndex));
        var place = Math.Min(columnIndex, k - 1);
        for (; place > 1; place--)
            InsertAt(place, column, here, best[place - 1], index[place - 1], best, index);
        if (place == 1)
            InsertAt(1, column, here, largest, largestIndex, best, index);
        largestIndex = TLanes.SelectGreater(column, largest, here, largestIndex);
        largest = TLanes.Max(column, largest);
    }

    [MethodImpl(Hot.Inline)]
    private static void InsertAt(int place, TLanes column, TLanes here, TLanes above, TLanes aboveIndex, TLanes* best, TLanes* index)
    {
        index[place] = TLanes.SelectGreater(column, above, aboveIndex, TLanes.SelectGreater(column, best[place], here, index[place]));
        best[place] = TLanes.Min(above, TLanes.Max(column, best[place]));
    }

    [MethodImpl(Hot.Inline)]
    private static void Store(TLanes* places, int k, float* target)
    {
        if (k == 1)
        {
            TLanes.Store(target, *places);
        }
        else if (k < 4)
        {
            for (var row = 0; row < TLanes.Count; row++)
            {
                for (var place = 0; place < k; place++)
                    *target++ = ((float*)(places + place))[row];
            }
        }
        else
        {
            for (var place = 0; place < k; place += 4)
            {
                var first = Math.Min(place, k - 4);
                Transposition<TLanes>.StoreColumns(
                    target + first, k, places[first], places[first + 1], places[first + 2], places[first + 3]);
            }
        }
    }
}
