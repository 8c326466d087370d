using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Transforms;

public class TransformTests
{
    private readonly MLContext _mlContext = new(1);

    [Fact]
    public void Concatenate_ScalarsAndVectors_LaysThemEndToEndAndNamesTheSlots()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new Row { A = 1, V = [2, 3], B = 4 }, new Row { A = -1, V = [0, 0], B = float.NaN } });

        var output = _mlContext.Transforms.Concatenate("All", "A", "V", "B").Fit(data).Transform(data);

        Assert.Equal([1, 2, 3, 4], output.GetColumn<float[]>("All").First());
        Assert.Equal([-1, 0, 0, float.NaN], output.GetColumn<float[]>("All").Last());
        var type = Assert.IsType<VectorDataViewType>(output.Schema["All"].Type);
        Assert.Equal(4, type.Size);
        VBuffer<ReadOnlyMemory<char>> names = default;
        output.Schema["All"].GetSlotNames(ref names);
        Assert.Equal(["A", "", "", "B"], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Concatenate_OfConcatenated_PrefixesSlotNames()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new Row { A = 1, V = [2, 3], B = 4 } });

        var output = _mlContext.Transforms.Concatenate("Pair", "A", "B").Append(_mlContext.Transforms.Concatenate("All", "Pair", "A"))
            .Fit(data).Transform(data);

        VBuffer<ReadOnlyMemory<char>> names = default;
        output.Schema["All"].GetSlotNames(ref names);
        Assert.Equal(["Pair.A", "Pair.B", "A"], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Concatenate_DifferentTypes_IsRefusedBeforeAnyRowIsRead()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new Row { Name = "x" } });

        var error = Assert.Throws<InvalidOperationException>(() =>
            _mlContext.Transforms.Concatenate("All", "A", "Name").Append(_mlContext.Transforms.CopyColumns("C", "A")).Fit(data));

        Assert.Contains("Name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CopyColumns_KeepsTypeValuesAndAnnotations()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new Row { A = 1, B = 4 } });
        var pipeline = _mlContext.Transforms.Concatenate("Pair", "A", "B").Append(_mlContext.Transforms.CopyColumns("Copy", "Pair"));

        var output = pipeline.Fit(data).Transform(data);

        Assert.Equal([1, 4], output.GetColumn<float[]>("Copy").Single());
        Assert.True(output.Schema["Copy"].HasSlotNames());
    }

    [Fact]
    public void AddedColumn_WithTheNameOfAnother_HidesItAndStandsBehindIt()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new Row { A = 1, B = 4 } });

        var output = _mlContext.Transforms.CopyColumns("A", "B").Fit(data).Transform(data);

        Assert.Equal(["A", "A", "V", "B", "Name"], output.Schema.Select(column => column.Name));
        Assert.True(output.Schema[0].IsHidden);
        Assert.Equal(1, output.Schema["A"].Index);
        Assert.Equal([4f], output.GetColumn<float>("A"));
    }

    [Fact]
    public void MissingInputColumn_IsNamed()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new Row() });

        Assert.Contains("Absent", Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Transforms.CopyColumns("C", "Absent").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("Absent", Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Transforms.NormalizeMinMax("C", "Absent").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("Absent", Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Transforms.Conversion.MapValueToKey("C", "Absent").Fit(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NormalizeMinMax_ByDefault_DividesByTheLargestMagnitude()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[]
        {
            new Row { A = 1, V = [2, -8] }, new Row { A = 3, V = [2, 4] }, new Row { A = float.NaN, V = [2, 1] },
        });

        var output = _mlContext.Transforms.NormalizeMinMax("A").Append(_mlContext.Transforms.NormalizeMinMax("V")).Fit(data).Transform(data);

        Assert.Equal([1 * (1f / 3), 1, float.NaN], output.GetColumn<float>("A"));
        // A slot that is always the same becomes zero.
        Assert.Equal([[0, -1], [0, 0.5f], [0, 0.125f]], output.GetColumn<float[]>("V"));
        Assert.True(output.Schema["V"].IsNormalized());
    }

    [Fact]
    public void NormalizeMinMax_NotFixingZero_MapsTheRangeToZeroToOne()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new Row { A = 10, V = [0, 5] }, new Row { A = 20, V = [1, 9] }, new Row { A = 12, V = [2, 6] } });

        var output = _mlContext.Transforms.NormalizeMinMax("A", fixZero: false).Append(_mlContext.Transforms.NormalizeMinMax("V", fixZero: false))
            .Fit(data).Transform(data);

        Assert.Equal([0, 1, 2 * (1f / 10)], output.GetColumn<float>("A"));
        Assert.Equal([[0, 0], [0.5f, 1], [1, 0.25f]], output.GetColumn<float[]>("V"));
    }

    [Fact]
    public void Transform_ComputesNothingThatIsNotAskedFor()
    {
        int read = 0;
        IEnumerable<Row> Rows()
        {
            for (int i = 0; i < 5; i++)
            {
                read++;
                yield return new Row { A = i };
            }
        }

        var data = _mlContext.Data.LoadFromEnumerable(Rows());
        var output = _mlContext.Transforms.Concatenate("Pair", "A", "B").Fit(data).Transform(data);
        Assert.Equal(0, read);

        using var cursor = output.GetRowCursor([output.Schema["B"]]);
        Assert.True(cursor.MoveNext());
        Assert.False(cursor.IsColumnActive(output.Schema["Pair"]));
        Assert.True(cursor.IsColumnActive(output.Schema["B"]));
        Assert.Equal(1, read);
    }

    [Fact]
    public void CursorSet_CoversEveryRowOnce()
    {
        var rows = Enumerable.Range(0, 1000).Select(i => new Row { A = i, B = 2 * i }).ToArray();
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var output = _mlContext.Transforms.Concatenate("Pair", "A", "B").Fit(data).Transform(data);

        var seen = new List<float>();
        foreach (var cursor in output.GetRowCursorSet([output.Schema["Pair"]], 3))
        {
            using (cursor)
            {
                var getter = cursor.GetGetter<VBuffer<float>>(output.Schema["Pair"]);
                VBuffer<float> pair = default;
                while (cursor.MoveNext())
                {
                    getter(ref pair);
                    Assert.Equal(2 * pair.GetItemOrDefault(0), pair.GetItemOrDefault(1));
                    seen.Add(pair.GetItemOrDefault(0));
                }
            }
        }

        Assert.Equal(rows.Select(row => row.A), seen.Order());
    }

    private sealed class Row
    {
        public float A { get; set; }

        [VectorType(2)]
        public float[] V { get; set; } = [0, 0];

        public float B { get; set; }

        public string Name { get; set; } = "";
    }
}
