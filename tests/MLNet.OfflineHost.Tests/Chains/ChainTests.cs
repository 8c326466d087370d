using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Chains;

public class ChainTests
{
    private readonly MLContext _mlContext = new(1);

    [Fact]
    public void Fit_WithAMistakeInALaterStep_FailsBeforeAnyRowIsRead()
    {
        int read = 0;
        IEnumerable<Row> Rows()
        {
            read++;
            yield return new Row();
        }

        var pipeline = _mlContext.Transforms.NormalizeMinMax("A").Append(_mlContext.Transforms.CopyColumns("Copy", "Absent"));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Fit(_mlContext.Data.LoadFromEnumerable(Rows())));
        Assert.Contains("Absent", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, read);
    }

    [Fact]
    public void GetOutputSchema_OfAnEstimatorChain_TellsKindsItemTypesAndAnnotations()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new Row() });
        var known = new List<SchemaShape>();
        var pipeline = new Recorder(known).Append(_mlContext.Transforms.Concatenate("Features", "A", "V"))
            .Append(_mlContext.Transforms.NormalizeMinMax("Features")).Append(_mlContext.Transforms.Conversion.MapValueToKey("Label", "Name"));
        pipeline.Fit(data);

        var shape = pipeline.GetOutputSchema(known[0]);

        var features = shape.Single(column => column.Name == "Features");
        Assert.Equal((SchemaShape.Column.VectorKind.Vector, (DataViewType)NumberDataViewType.Single, false), (features.Kind, features.ItemType, features.IsKey));
        Assert.Equal(["IsNormalized", "SlotNames"], features.Annotations.Select(annotation => annotation.Name).Order());
        var label = shape.Single(column => column.Name == "Label");
        Assert.Equal((SchemaShape.Column.VectorKind.Scalar, (DataViewType)NumberDataViewType.UInt32, true), (label.Kind, label.ItemType, label.IsKey));
        Assert.Equal(["KeyValues"], label.Annotations.Select(annotation => annotation.Name));
        Assert.Equal(SchemaShape.Column.VectorKind.VariableVector, shape.Single(column => column.Name == "Any").Kind);
    }

    [Fact]
    public void Append_KeepsTheTypeOfTheLastTransformer()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new Row() });

        var model = _mlContext.Transforms.CopyColumns("B", "A").Append(_mlContext.Transforms.Concatenate("Features", "A", "B")).Fit(data);

        Assert.IsType<ColumnConcatenatingTransformer>(model.LastTransformer);
        Assert.Equal(2, model.Count());
    }

    [Fact]
    public void TransformerChain_AppendedOneByOne_TransformsLikeTheWhole()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new Row { A = 3 } });
        var first = _mlContext.Transforms.CopyColumns("B", "A").Fit(data);
        var second = _mlContext.Transforms.Concatenate("Features", "A", "B").Fit(first.Transform(data));

        ITransformer chain = first.Append(second);

        Assert.True(chain.IsRowToRowMapper);
        Assert.Equal([3f, 3], chain.Transform(data).GetColumn<float[]>("Features").Single());
        var expected = chain.Transform(data).Schema.Select(column => column.ToString());
        Assert.Equal(expected, chain.GetOutputSchema(data.Schema).Select(column => column.ToString()));
        Assert.Equal(expected, chain.GetRowToRowMapper(data.Schema).OutputSchema.Select(column => column.ToString()));
    }

    [Fact]
    public void RowToRowMapper_OfAChain_DependsOnWhatTheColumnsAskedForNeed()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new Row() });
        ITransformer chain = _mlContext.Transforms.CopyColumns("B", "A").Append(_mlContext.Transforms.Concatenate("Features", "B", "V")).Fit(data);
        var mapper = chain.GetRowToRowMapper(data.Schema);

        var needed = mapper.GetDependencies([mapper.OutputSchema["Features"]]);

        Assert.Equal(["A", "V"], needed.Select(column => column.Name).Order());
        Assert.Empty(mapper.GetDependencies([]));
    }

    private sealed class Recorder(List<SchemaShape> known) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            known.Add(inputSchema);
            return inputSchema;
        }
    }

    private sealed class Row
    {
        public float A { get; set; }

        [VectorType(2)]
        public float[] V { get; set; } = [0, 0];

        public float[] Any { get; set; } = [];

        public string Name { get; set; } = "";
    }
}
