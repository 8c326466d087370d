using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace MLNet.Softmax.Tool.Tests;

public sealed class ParquetTests : IDisposable
{
    private readonly ToolRun _tool = new();

    public void Dispose() => _tool.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parquet_GivesTheFiguresOfTheSameRowsAsText(bool asLists)
    {
        var rows = File.ReadAllLines(Repository.TestData("digits/digits-logits.csv"))[1..].Select(line => line.Split(',')).ToArray();
        float[] Column(int index) => [.. rows.Select(row => float.Parse(row[index], CultureInfo.InvariantCulture))];
        int[] labels = [.. rows.Select(row => int.Parse(row[0], CultureInfo.InvariantCulture))];
        var label = new DataField<int>("label");
        DataField[] scores = asLists ? [] : [.. Enumerable.Range(0, 10).Select(index => new DataField<float>($"logit_{index}"))];
        var list = new ListField("logits", new DataField<float>("element"));
        var path = await Write(asLists ? new(label, list) : new([label, .. scores]), async writer =>
        {
            foreach (var (start, count) in new[] { (0, 800), (800, rows.Length - 800) })
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<int>(label, labels.AsMemory(start, count), cancellationToken: Stop);
                for (var index = 0; index < scores.Length; index++)
                    await group.WriteAsync<float>(scores[index], Column(index + 1).AsMemory(start, count), cancellationToken: Stop);
                if (asLists)
                {
                    float[] values = [.. rows.Skip(start).Take(count).SelectMany(row => row.Skip(1))
                        .Select(value => float.Parse(value, CultureInfo.InvariantCulture))];
                    int[] levels = [.. values.Select((_, index) => index % 10 == 0 ? 0 : 1)];
                    var element = (DataField)list.Item;
                    int[] defined = [.. Enumerable.Repeat(element.MaxDefinitionLevel, values.Length)];
                    await group.WriteAllPartsAsync<float>(element, values, defined, levels, Stop);
                }
            }
        });

        var expected = ToolRun.Evaluate(Repository.TestData("digits/digits-logits.csv"));
        var result = ToolRun.Evaluate(path);
        Assert.Equal(expected.GetProperty("metrics").ToString(), result.GetProperty("metrics").ToString());
        Assert.Contains(
            asLists ? "logits: logits (lists of 10)" : "logits: logit_0, logit_1", ToolRun.Run("evaluate", path).Output,
            StringComparison.Ordinal);
    }

    /// <summary>As pandas writes them: names as text, numbers in double precision, and values that are missing.</summary>
    [Fact]
    public async Task TextAndDoublesWithMissingValues_AreRead()
    {
        var (label, cat, dog) = (new DataField<string>("label"), new DataField<double?>("cat"), new DataField<double?>("dog"));
        var path = await Write(new(label, cat, dog), async writer =>
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(label, (string?[])["cat", "dog", null, "dog"]);
            await group.WriteAsync<double>(cat, new double?[] { 0.9, 0.2, 0.5, null }, cancellationToken: Stop);
            await group.WriteAsync<double>(dog, new double?[] { 0.1, 0.8, 0.5, 0.5 }, cancellationToken: Stop);
        });

        var result = ToolRun.Evaluate(path);
        var left = result.GetProperty("rowsLeftOut");
        Assert.Equal((2, 1, 1), (result.Rows(), left.GetProperty("missingLabel").GetInt32(), left.GetProperty("notFinite").GetInt32()));
        Assert.Equal((-Math.Log(0.9) - Math.Log(0.8)) / 2, result.Figure("logLoss"), 1e-6);
    }

    [Fact]
    public async Task ColumnsOfAnotherType_AreRefusedWithWhatIsExpected()
    {
        var (label, date) = (new DataField<string>("label"), new DataField<DateTime>("date"));
        DataField<double>[] scores = [new("prob_0"), new("prob_1")];
        var path = await Write(new(label, date, scores[0], scores[1]), async writer =>
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(label, (string[])["0"]);
            await group.WriteAsync<DateTime>(date, new[] { DateTime.UnixEpoch }, cancellationToken: Stop);
            foreach (var score in scores)
                await group.WriteAsync<double>(score, new[] { 0.5 }, cancellationToken: Stop);
        });

        Assert.Contains("ignored: date", ToolRun.Run("evaluate", path).Output, StringComparison.Ordinal);
        ToolRun.Run("evaluate", path, "--label", "date")
            .AssertRefused("scores.parquet, column date: it holds DateTime, but text or numbers are expected.");
        ToolRun.Run("evaluate", path, "--label", "prob_0", "--scores", "label,prob_1")
            .AssertRefused("scores.parquet, column label: it holds text, but numbers are expected.");
    }

    /// <summary>Every type can hold labels; scores are whole numbers of usual size, or numbers with a fraction.</summary>
    [Fact]
    public async Task TypesOfColumns_HoldLabelsAndScores()
    {
        await Holds<bool>([true, false], "True False", null);
        await Holds<sbyte>([-1, 2], "-1 2", null);
        await Holds<byte>([1, 200], "1 200", null);
        await Holds<short>([-300, 2], "-300 2", null);
        await Holds<ushort>([1, 60_000], "1 60000", null);
        await Holds<int>([-70_000, 2], "-70000 2", [-70_000f, 2]);
        await Holds<uint>([1, 4_000_000_000], "1 4000000000", null);
        await Holds<long>([-5_000_000_000, 2], "-5000000000 2", [-5e9f, 2]);
        await Holds<ulong>([1, ulong.MaxValue], "1 18446744073709551615", null);
        await Holds<float>([0.1f, -2], "0.1 -2", [0.1f, -2]);
        await Holds<double>([0.1, -2], "0.1 -2", [0.1f, -2]);
        await Holds<decimal>([0.1m, -2], "0.1 -2", [0.1f, -2]);

        async Task Holds<T>(T[] values, string texts, float[]? scores)
            where T : struct
        {
            var field = new DataField<T>("values");
            var path = await Write(new(field), async writer =>
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<T>(field, values, cancellationToken: Stop);
            });
            using (var table = Tables.Table.Open(path))
            {
                Assert.Equal(texts, string.Join(' ', table.Sample(10).Select(row => Short(row[0]))));
                table.Select([0], []);
                Assert.Equal(texts, string.Join(' ', Rows(table).Select(_ => Short(table.Text(0).ToString()))));
            }

            using var numbers = Tables.Table.Open(path);
            _ = numbers.Sample(1);
            numbers.Select([], [0]);
            var score = new float[1];
            if (scores is null)
            {
                Assert.Equal(
                    $"scores.parquet, column values: it holds {typeof(T).Name}, but numbers are expected.",
                    Assert.Throws<FormatException>(() => numbers.MoveNext()).Message);
                return;
            }

            Assert.Equal(scores, Rows(numbers).Select(_ =>
            {
                numbers.Scores(score);
                return score[0];
            }));
        }

        // A decimal has zeros at its end.
        static string Short(string number) => number.Contains('.') ? number.TrimEnd('0').TrimEnd('.') : number;

        static IEnumerable<long> Rows(Tables.Table table)
        {
            while (table.MoveNext())
                yield return table.Row;
        }
    }

    [Theory]
    [InlineData(false, false, "column label: there are no rows")]
    [InlineData(false, true, "column label: there are no rows")]
    [InlineData(true, false, "column probs: at least two classes are expected; found 0")]
    [InlineData(true, true, "column probs: at least two classes are expected; found 0")]
    public async Task WithoutRows_IsRefused(bool asLists, bool hasEmptyGroup, string expected)
    {
        var label = new DataField<int>("label");
        DataField<double>[] scores = [new("prob_0"), new("prob_1")];
        var list = new ListField("probs", new DataField<double>("element"));
        var path = await Write(asLists ? new(label, list) : new([label, .. scores]), async writer =>
        {
            if (!hasEmptyGroup)
                return;
            using var group = writer.CreateRowGroup();
            int[] none = [];
            await group.WriteAsync<int>(label, none, cancellationToken: Stop);
            if (asLists)
                await group.WriteAllPartsAsync<double>((DataField)list.Item, Array.Empty<double>(), none, none, Stop);
            foreach (var score in asLists ? [] : scores)
                await group.WriteAsync<double>(score, Array.Empty<double>(), cancellationToken: Stop);
        });
        ToolRun.Run("evaluate", path).AssertRefused("scores.parquet", expected);
    }

    /// <summary>The memory of a row group is used again for others: larger, smaller, empty, or with other values missing.</summary>
    [Theory]
    [InlineData(9, 60, 0, 20, 1, 60)]
    [InlineData(60, 0, 0, 9)]
    [InlineData(1, 0, 100)]
    public async Task RowGroupsOfAnySize_GiveTheFiguresOfTheSameRowsAsText(params int[] sizes)
    {
        var random = new Random(sizes.Length);
        var rows = Enumerable.Range(0, sizes.Sum()).Select(row =>
        {
            double?[] scores = [.. Enumerable.Range(0, 3)
                .Select(_ => random.Next(9) == 0 ? null : (double?)(float)(random.NextDouble() * 9))];
            return (Label: random.Next(5) == 0 ? null : "abc"[random.Next(3)].ToString(), Id: 7L * row, Weight: random.Next(1, 4), scores);
        }).ToArray();
        var (label, id, weight) = (new DataField<string>("label"), new DataField<long>("id"), new DataField<int?>("weight"));
        var (a, b, c) = (new DataField<float?>("logit_a"), new DataField<double?>("logit_b"), new DataField<float?>("logit_c"));
        var path = await Write(new(label, id, weight, a, b, c), async writer =>
        {
            var start = 0;
            foreach (var size in sizes)
            {
                var part = rows.AsSpan(start, size).ToArray();
                start += size;
                using var group = writer.CreateRowGroup();
                await group.WriteAsync(label, part.Select(row => row.Label).ToArray());
                await group.WriteAsync<long>(id, part.Select(row => row.Id).ToArray(), cancellationToken: Stop);
                await group.WriteAsync<int>(weight, part.Select(row => (int?)row.Weight).ToArray(), cancellationToken: Stop);
                await group.WriteAsync<float>(a, part.Select(row => (float?)row.scores[0]).ToArray(), cancellationToken: Stop);
                await group.WriteAsync<double>(b, part.Select(row => row.scores[1]).ToArray(), cancellationToken: Stop);
                await group.WriteAsync<float>(c, part.Select(row => (float?)row.scores[2]).ToArray(), cancellationToken: Stop);
            }
        });

        var lines = rows.Select(row => FormattableString.Invariant(
            $"{row.Label},{row.Id},{row.Weight},{row.scores[0]},{row.scores[1]},{row.scores[2]}"));
        var text = _tool.Write("scores.csv", string.Join('\n', lines.Prepend("label,id,weight,logit_a,logit_b,logit_c")));
        string[] arguments = ["--weights", "weight", "--row-id", "id"];
        var (expected, actual) = (ToolRun.Evaluate(text, arguments), ToolRun.Evaluate(path, arguments));
        Assert.Equal(expected.GetProperty("metrics").ToString(), actual.GetProperty("metrics").ToString());
        Assert.Equal(expected.GetProperty("rowsLeftOut").ToString(), actual.GetProperty("rowsLeftOut").ToString());
    }

    [Theory]
    [InlineData(2, 2, false, 4, null)]
    [InlineData(2, 2, true, 0, "values are missing")]
    [InlineData(2, 3, false, 0, "the lists have different lengths")]
    [InlineData(3, 2, false, 0, "the lists have different lengths")]
    public async Task Lists_AreComplete(int firstLength, int secondLength, bool hasMissing, int expectedRows, string? refusal)
    {
        var (label, list) = (new DataField<int>("label"), new ListField("probs", new DataField<double?>("element")));
        var element = (DataField)list.Item;
        var path = await Write(new(label, list), async writer =>
        {
            foreach (var length in new[] { firstLength, secondLength })
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync<int>(label, new[] { 0, 1 }, cancellationToken: Stop);
                int[] levels = [.. Enumerable.Range(0, 2 * length).Select(index => index % length == 0 ? 0 : 1)];
                int[] defined = [.. levels.Select(_ => element.MaxDefinitionLevel)];
                defined[^1] -= hasMissing ? 1 : 0;
                double[] values = [.. Enumerable.Repeat(1.0 / length, hasMissing ? levels.Length - 1 : levels.Length)];
                await group.WriteAllPartsAsync<double>(element, values, defined, levels, Stop);
            }
        });

        if (refusal is null)
            Assert.Equal(expectedRows, ToolRun.Evaluate(path).Rows());
        else
            ToolRun.Run("evaluate", path).AssertRefused("scores.parquet, column probs", refusal);
    }

    [Fact]
    public async Task ListsOfOtherThanNumbers_AreRefused()
    {
        var (label, list) = (new DataField<int>("label"), new ListField("probs", new DataField<bool>("element")));
        var element = (DataField)list.Item;
        var path = await Write(new(label, list), async writer =>
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>(label, new[] { 0 }, cancellationToken: Stop);
            int[] defined = [element.MaxDefinitionLevel, element.MaxDefinitionLevel];
            await group.WriteAllPartsAsync<bool>(element, new[] { true, false }, defined, new[] { 0, 1 }, Stop);
        });
        ToolRun.Run("evaluate", path).AssertRefused("scores.parquet, column probs: it holds Boolean, but lists of numbers are expected.");
    }

    private async Task<string> Write(ParquetSchema schema, Func<ParquetWriter, Task> write)
    {
        var path = Path.Combine(_tool.Folder, "scores.parquet");
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(schema, stream, cancellationToken: Stop);
        await write(writer);
        return path;
    }
}
