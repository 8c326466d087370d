namespace MLNet.Softmax.Numerics.Tests;

/// <summary>
/// Rows that are hard to sum: one score far above many alike, so that what is added again and again
/// is about half the sum's last digit and is rounded the same way each time. The hardest are found
/// by climbing: of many rows, those with the largest error are changed a little, again and again.
/// </summary>
public class HardestRowsTests : OnEveryPath
{
    private const int RowCount = 79, Parents = 8, Climbs = 4, Generations = 50;

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_HardestFoundByClimbing_AgreeWithTheDefinition(string path)
    {
        var kernels = Paths.Named(path);
        foreach (var classCount in Paths.ClassCounts(path, 64, 640, 10, 48, 56, 65, 100, 128, 200, 256, 352))
        {
            var random = new Random(5 + classCount);
            var (scores, probabilities, logProbabilities) =
                (new float[RowCount * classCount], new float[RowCount * classCount], new float[RowCount * classCount]);
            var errors = new double[RowCount];
            for (var climb = 0; climb < Climbs; climb++)
            {
                var recipes = Enumerable.Range(0, RowCount).Select(_ => Recipe.New(random, classCount)).ToArray();
                for (var generation = 0; generation < Generations; generation++)
                {
                    for (var row = 0; row < RowCount; row++)
                        recipes[row].Write(scores.AsSpan(row * classCount, classCount));
                    Softmax.Rows(kernels, scores, classCount, probabilities, 1f, 1);
                    LogSoftmax.Rows(kernels, scores, classCount, logProbabilities, 1f, 1);
                    for (var row = 0; row < RowCount; row++)
                    {
                        var logarithms = Naive.LogSoftmax(scores.AsSpan(row * classCount, classCount));
                        var expected = Array.ConvertAll(logarithms, Math.Exp);
                        var actual = probabilities.AsSpan(row * classCount, classCount);
                        Compare.Relative(expected, actual);
                        Compare.RelativeOrAbsolute(logarithms, logProbabilities.AsSpan(row * classCount, classCount));
                        errors[row] = LargestError(expected, actual);
                    }

                    Array.Sort(errors, recipes);
                    Array.Reverse(recipes);
                    for (var row = Parents; row < RowCount; row++)
                        recipes[row] = recipes[random.Next(Parents)].Changed(random, classCount);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void LongRows_HardestThatLongClimbsEverFound_AgreeWithTheDefinition(string path)
    {
        var kernels = Paths.Named(path);
        foreach (var (classCount, recipe) in ((int, Recipe)[])
            [(1000, new(0.7131142f, 14.029303f, 0.0017918681f, 1, 415)), (1000, new(0.06740136f, 8.748514f, 0.009194616f, 1, 542)),
                (5000, new(2.8958466f, 11.077455f, 0.010364809f, 1, 289))])
        {
            var (scores, probabilities) = (new float[classCount], new float[classCount]);
            recipe.Write(scores);
            Softmax.Compute(kernels, scores, probabilities, 1f);
            Compare.Relative(Naive.Softmax(scores), probabilities);
        }
    }

    private static double LargestError(double[] expected, ReadOnlySpan<float> actual)
    {
        var largest = 0.0;
        for (var i = 0; i < expected.Length; i++)
            largest = Math.Max(largest, Math.Abs((actual[i] / expected[i]) - 1));
        return largest;
    }

    /// <param name="High">The score of a few.</param>
    /// <param name="Depth">By how much the first of the others is lower.</param>
    /// <param name="Slope">By how much each of them is lower than the one before.</param>
    /// <param name="Few">How many.</param>
    /// <param name="Place">Where the first of the few is.</param>
    private readonly record struct Recipe(float High, float Depth, float Slope, int Few, int Place)
    {
        public static Recipe New(Random random, int classCount) => new(
            (float)((random.NextDouble() * 8) - 4),
            (float)((random.NextDouble() * (random.Next(2) == 0 ? 14 : 6)) + random.Next(2) * 6),
            random.Next(3) == 0 ? (float)(random.NextDouble() * 0.01) : 0f,
            random.Next(1, 4),
            random.Next(classCount));

        public Recipe Changed(Random random, int classCount) => random.Next(6) switch
        {
            0 => this with { Depth = Depth + (float)((random.NextDouble() - 0.5) * 0.02) },
            1 => this with { Depth = MathF.BitIncrement(Depth) },
            2 => this with { High = High + (float)((random.NextDouble() - 0.5) * 0.1) },
            3 => this with { Place = random.Next(classCount) },
            4 => this with { Slope = random.Next(2) == 0 ? 0f : Slope + (float)((random.NextDouble() - 0.5) * 0.002) },
            _ => New(random, classCount),
        };

        public void Write(Span<float> row)
        {
            for (var i = 0; i < row.Length; i++)
                row[i] = High - Depth - (Slope * i);
            for (var i = 0; i < Few; i++)
                row[(Place + (17 * i)) % row.Length] = High;
        }
    }
}
