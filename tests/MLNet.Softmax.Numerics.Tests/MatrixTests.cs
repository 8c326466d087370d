namespace MLNet.Softmax.Numerics.Tests;

public unsafe class MatrixTests
{
    private static readonly Random Random = new(1);

    // Whole blocks, what is left of them, and both; nothing to sum.
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 4, 3, 16 }, { 8, 5, 32 }, { 5, 7, 33 }, { 3, 2, 15 }, { 9, 4, 47 }, { 6, 1, 64 }, { 7, 0, 5 }, { 32, 64, 10 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AddProduct_AnySize_AddsTheFusedSumsInOrder(int rows, int inner, int columns)
    {
        var (left, right, start) = (Numbers(rows * inner), Numbers(inner * columns), Numbers(rows * columns));
        var expected = PlainProduct(left, right, start, rows, inner, columns);
        float[] product = [.. start];

        Matrix.AddProduct(left, right, product, rows, inner, columns);
        Assert.Equal(expected, product);

        float[] ofTransposed = [.. start];
        Matrix.AddProductOfTransposed(Transposed(left, rows, inner), right, ofTransposed, rows, inner, columns);
        Assert.Equal(expected, ofTransposed);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AddProduct_EveryVectorWidth_GivesTheSameBitsAndWritesNothingElse(int rows, int inner, int columns)
    {
        var (left, right, start) = (Numbers(rows * inner), Numbers(inner * columns), Numbers(rows * columns));
        var expected = PlainProduct(left, right, start, rows, inner, columns);
        Check<Lanes512>();
        Check<Lanes256>();
        Check<Lanes128>();

        void Check<TLanes>()
            where TLanes : unmanaged, ILanes<TLanes>
        {
            float[] product = [7, .. start, 7];
            fixed (float* a = left, b = right, c = &product[1])
                MatrixProduct<TLanes>.Add(a, inner, 1, b, c, rows, inner, columns);
            Assert.Equal([7, .. expected, 7], product);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 4)]
    [InlineData(37, 7)]
    [InlineData(15, 64)]
    [InlineData(64, 3)]
    public void Transpose_AnySize_ExchangesRowsAndColumns(int rows, int columns)
    {
        var matrix = Numbers(rows * columns);
        var transpose = new float[matrix.Length];

        Matrix.Transpose(matrix, transpose, rows, columns);

        Assert.Equal(Transposed(matrix, rows, columns), transpose);
    }

    [Fact]
    public void AddProduct_TooShort_IsRefused() =>
        Refusal.Of<ArgumentOutOfRangeException>(() => Matrix.AddProduct(new float[6], new float[6], new float[3], 2, 3, 2));

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * Random.NextSingle() - 1)];

    private static float[] PlainProduct(float[] left, float[] right, float[] start, int rows, int inner, int columns)
    {
        float[] product = [.. start];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                ref var sum = ref product[row * columns + column];
                for (var k = 0; k < inner; k++)
                    sum = MathF.FusedMultiplyAdd(left[row * inner + k], right[k * columns + column], sum);
            }
        }

        return product;
    }

    private static float[] Transposed(float[] matrix, int rows, int columns) =>
        [.. Enumerable.Range(0, matrix.Length).Select(i => matrix[i % rows * columns + i / rows])];
}
