namespace MLNet.Softmax.Tests;

public class ScoreShapeTests
{
    private static readonly float[] Six = [1, 2, 3, -1, 0, 5];

    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(new[] { 6 }, 6)]
    [InlineData(new[] { 1, 6 }, 6)]
    [InlineData(new[] { 6, 1, 1 }, 6)]
    [InlineData(new[] { 1, 6, 1 }, 6)]
    [InlineData(new[] { 2, 3 }, 3)]
    [InlineData(new[] { 3, 2, 1 }, 2)]
    [InlineData(new[] { 0 }, 6)]
    [InlineData(new[] { 0, 3 }, 3)]
    public void Softmax_OfAnyShape_RunsOverTheClassAxisAndKeepsTheShape(int[] dimensions, int classCount)
    {
        var data = new MemoryView().WithScores("Score", dimensions, [Six]);

        var output = _mlContext.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Logits).FitTransform(data);

        Assert.Equal(data.Schema["Score"].Type, output.Schema["P"].Type);
        Scores.AssertClose(Six.Chunk(classCount).SelectMany(row => Scores.NaiveSoftmax(row)), output.Column("P")[0]);
    }

    [Fact]
    public void Softmax_OfVariableSize_TakesEachRowByItsLength()
    {
        var data = new MemoryView().WithScores("Score", [0], [[1, 2], [], [5], [0, 0, 0, 0]]);

        var probabilities = _mlContext.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Logits).FitTransform(data).Column("P");

        Assert.Equal([2, 0, 1, 4], probabilities.Select(row => row.Length));
        Assert.Equal(1f, probabilities[2][0]);
        Assert.All(probabilities[3], p => Assert.Equal(0.25f, p));
    }

    [Fact]
    public void Softmax_OfOneClass_IsOne()
    {
        var data = new MemoryView().WithScores("Score", [1, 1], [[7], [-3]]);

        var probabilities = _mlContext.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Logits).FitTransform(data).Column("P");

        Assert.All(probabilities, row => Assert.Equal([1f], row));
    }

    [Theory]
    [InlineData(new[] { 1, 6 })]
    [InlineData(new[] { 6, 1, 1 })]
    public void TopK_OfOneRowInAnyShape_FindsTheClasses(int[] dimensions)
    {
        var data = new MemoryView().WithScores("Score", dimensions, [Six]);

        var indices = _mlContext.Transforms.TopK("Top", "Score", k: 2).FitTransform(data).GetColumn<uint[]>("TopIndices").Single();

        Assert.Equal([5u, 2u], indices);
    }
}
