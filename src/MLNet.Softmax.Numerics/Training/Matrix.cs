using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics.Training;

/// <summary>Products and transposes of row-major matrices, in the widest vectors that the hardware accelerates.</summary>
/// <remarks>
/// Each element of a product is summed over the inner dimension in order, with one rounding per term: bit-identical in every vector width.
/// </remarks>
internal static unsafe class Matrix
{
    /// <summary>Adds the product of <paramref name="left"/> and <paramref name="right"/>.</summary>
    /// <param name="left">Of <paramref name="rowCount"/> times <paramref name="innerCount"/> values.</param>
    /// <param name="right">Of <paramref name="innerCount"/> times <paramref name="columnCount"/> values.</param>
    /// <param name="sum">Of <paramref name="rowCount"/> times <paramref name="columnCount"/> values.</param>
    /// <param name="rowCount">The rows of the product.</param>
    /// <param name="innerCount">The number of terms of each element.</param>
    /// <param name="columnCount">The columns of the product.</param>
    public static void AddProduct(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> sum, int rowCount, int innerCount, int columnCount) =>
        Add(left, innerCount, 1, right, sum, rowCount, innerCount, columnCount);

    /// <summary>The same for a <paramref name="left"/> that is given transposed: inner times row values.</summary>
    public static void AddProductOfTransposed(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> sum, int rowCount, int innerCount, int columnCount) =>
        Add(left, 1, rowCount, right, sum, rowCount, innerCount, columnCount);

    /// <summary>Writes the transpose of a matrix.</summary>
    public static void Transpose(ReadOnlySpan<float> matrix, Span<float> transpose, int rowCount, int columnCount) =>
        Transpose(matrix, transpose, rowCount, columnCount, stride: rowCount);

    /// <summary>Writes the transpose of a matrix, whose rows are <paramref name="stride"/> values apart.</summary>
    [MethodImpl(Hot.Loop)]
    public static void Transpose(ReadOnlySpan<float> matrix, Span<float> transpose, int rowCount, int columnCount, int stride)
    {
        const int block = 16;
        matrix = matrix[..checked(rowCount * columnCount)];
        var row = 0;
        fixed (float* source = matrix)
        {
            var columns = stackalloc Lanes512[4];
            var areVectorsUseful = columnCount >= 4 && !VectorSupport.IsInterpreted;
            for (; row <= rowCount - block && areVectorsUseful; row += block)
            {
                for (var column = 0; column < columnCount; column += 4)
                {
                    // Columns come in fours; the last four may overlap the ones before.
                    var first = Math.Min(column, columnCount - 4);
                    Transposition<Lanes512>.LoadColumns(source + ((nint)row * columnCount) + first, columnCount, columns);
                    for (var k = 0; k < 4; k++)
                        columns[k].Value.CopyTo(transpose[(((first + k) * stride) + row)..]);
                }
            }
        }

        for (; row < rowCount; row++)
        {
            for (var column = 0; column < columnCount; column++)
                transpose[(column * stride) + row] = matrix[(row * columnCount) + column];
        }
    }

    private static void Add(
        ReadOnlySpan<float> left, int rowStep, int innerStep, ReadOnlySpan<float> right, Span<float> sum,
        int rowCount, int innerCount, int columnCount)
    {
        // The kernels do not check what they read and write.
        left = left[..checked(rowCount * innerCount)];
        right = right[..checked(innerCount * columnCount)];
        sum = sum[..checked(rowCount * columnCount)];
        fixed (float* a = left, b = right, c = sum)
        {
            if (Vector512.IsHardwareAccelerated)
                MatrixProduct<Lanes512>.Add(a, rowStep, innerStep, b, c, rowCount, innerCount, columnCount);
            else if (Vector256.IsHardwareAccelerated)
                MatrixProduct<Lanes256>.Add(a, rowStep, innerStep, b, c, rowCount, innerCount, columnCount);
            else
                MatrixProduct<Lanes128>.Add(a, rowStep, innerStep, b, c, rowCount, innerCount, columnCount);
        }
    }
}

/// <summary>The products in one vector width. Blocks of four rows and two vectors stay in registers until they are summed.</summary>
internal static unsafe class MatrixProduct<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Adds A B to C; element (row, inner) of A is at row * rowStep + inner * innerStep.</summary>
    public static void Add(
        float* a, nint rowStep, nint innerStep, float* b, float* c, nint rowCount, nint innerCount, nint columnCount)
    {
        nint column = 0;
        for (; column <= columnCount - 2 * TLanes.Count; column += 2 * TLanes.Count)
            AddColumns<TwoVectors>(a, rowStep, innerStep, b + column, c + column, rowCount, innerCount, columnCount, 0);
        for (; column < columnCount; column += TLanes.Count)
        {
            var count = (int)Math.Min(columnCount - column, TLanes.Count);
            AddColumns<OneVector>(a, rowStep, innerStep, b + column, c + column, rowCount, innerCount, columnCount, count);
        }
    }

    private static void AddColumns<TTwoVectors>(
        float* a, nint rowStep, nint innerStep, float* b, float* c, nint rowCount, nint innerCount, nint columnCount, int count)
        where TTwoVectors : struct, IChoice
    {
        nint row = 0;
        for (; row <= rowCount - 4; row += 4)
            AddBlock<FourRows, TTwoVectors>(
                a + row * rowStep, rowStep, innerStep, b, c + row * columnCount, innerCount, columnCount, count);
        for (; row < rowCount; row++)
            AddBlock<OneRow, TTwoVectors>(a + row * rowStep, rowStep, innerStep, b, c + row * columnCount, innerCount, columnCount, count);
    }

    /// <summary>A block of four rows or one, with two whole vectors or the first <paramref name="count"/> lanes of one.</summary>
    [MethodImpl(Hot.Kernel)]
    private static void AddBlock<TFourRows, TTwoVectors>(
        float* a, nint rowStep, nint innerStep, float* b, float* c, nint innerCount, nint columnCount, int count)
        where TFourRows : struct, IChoice
        where TTwoVectors : struct, IChoice
    {
        TLanes c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        var c00 = First<TTwoVectors>(c, count);
        if (TTwoVectors.IsYes)
            c01 = TLanes.Load(c + TLanes.Count);
        if (TFourRows.IsYes)
        {
            c10 = First<TTwoVectors>(c + columnCount, count);
            c20 = First<TTwoVectors>(c + 2 * columnCount, count);
            c30 = First<TTwoVectors>(c + 3 * columnCount, count);
            if (TTwoVectors.IsYes)
            {
                c11 = TLanes.Load(c + columnCount + TLanes.Count);
                c21 = TLanes.Load(c + 2 * columnCount + TLanes.Count);
                c31 = TLanes.Load(c + 3 * columnCount + TLanes.Count);
            }
        }

        var third = a + 2 * rowStep;
        for (; innerCount > 0; innerCount--)
        {
            var b0 = First<TTwoVectors>(b, count);
            var b1 = TTwoVectors.IsYes ? TLanes.Load(b + TLanes.Count) : default;
            Multiply<TTwoVectors>(a, b0, b1, ref c00, ref c01);
            if (TFourRows.IsYes)
            {
                Multiply<TTwoVectors>(a + rowStep, b0, b1, ref c10, ref c11);
                Multiply<TTwoVectors>(third, b0, b1, ref c20, ref c21);
                Multiply<TTwoVectors>(third + rowStep, b0, b1, ref c30, ref c31);
            }

            a += innerStep;
            third += innerStep;
            b += columnCount;
        }

        Store<TTwoVectors>(c, c00, c01, count);
        if (TFourRows.IsYes)
        {
            Store<TTwoVectors>(c + columnCount, c10, c11, count);
            Store<TTwoVectors>(c + 2 * columnCount, c20, c21, count);
            Store<TTwoVectors>(c + 3 * columnCount, c30, c31, count);
        }
    }

    [MethodImpl(Hot.Inline)]
    private static void Multiply<TTwoVectors>(float* a, TLanes b0, TLanes b1, ref TLanes c0, ref TLanes c1)
        where TTwoVectors : struct, IChoice
    {
        var factor = TLanes.Create(*a);
        c0 = TLanes.MultiplyAdd(factor, b0, c0);
        if (TTwoVectors.IsYes)
            c1 = TLanes.MultiplyAdd(factor, b1, c1);
    }

    [MethodImpl(Hot.Inline)]
    private static TLanes First<TTwoVectors>(float* source, int count)
        where TTwoVectors : struct, IChoice =>
        TTwoVectors.IsYes ? TLanes.Load(source) : TLanes.LoadPartial(source, count, default);

    [MethodImpl(Hot.Inline)]
    private static void Store<TTwoVectors>(float* target, TLanes c0, TLanes c1, int count)
        where TTwoVectors : struct, IChoice
    {
        if (TTwoVectors.IsYes)
        {
            TLanes.Store(target, c0);
            TLanes.Store(target + TLanes.Count, c1);
        }
        else
            TLanes.StorePartial(target, count, c0);
    }
}

/// <summary>Whether a block of a matrix has four rows.</summary>
internal readonly struct FourRows : IChoice { public static bool IsYes => true; }
internal readonly struct OneRow : IChoice;
