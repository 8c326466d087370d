using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax.Onnx;

/// <summary>Top-k in ONNX, whose rule for equal scores is the same: TopK, and a LabelEncoder for the class names.</summary>
internal static class TopKExport
{
    /// <summary>The first set of operators in which TopK takes k as an input.</summary>
    private const int OperatorSet = 10;

    public static void Add(OnnxGraph graph, TopKTransformer transformer, DataViewSchema inputSchema)
    {
        graph.RequireOperatorSet(OperatorSet, nameof(TopKTransformer));
        var (column, classCount) = inputSchema.RequireClassScores(transformer.InputColumnName);
        var prefix = transformer.OutputColumnPrefix;
        var kept = Math.Min(transformer.K, classCount);

        var scores = graph.VariableOf(column.Name);
        if (((VectorDataViewType)column.Type).Dimensions.Length > 1) scores = graph.Compute("Flatten", [scores], prefix, ("axis", 1L));
        var indices = graph.AddUnused(prefix, "ClassIndices");
        var topScores = graph.AddColumn(transformer.ScoresColumnName, new VectorDataViewType(NumberDataViewType.Single, kept));
        graph.Add("TopK", [scores, graph.Constant([kept], prefix, "K", 1)], [topScores, indices], ("axis", 1L));

        var topIndices = graph.AddColumn(transformer.IndicesColumnName, new VectorDataViewType(NumberDataViewType.UInt32, kept));
        graph.Add("Cast", [indices], [topIndices], ("to", typeof(uint)));

        var topLabels = graph.AddColumn(transformer.LabelsColumnName, new VectorDataViewType(TextDataViewType.Instance, kept));
        graph.Add(
            "LabelEncoder", [indices], [topLabels],
            ("keys_int64s", Enumerable.Range(0, classCount).Select(index => (long)index).ToArray()),
            ("values_strings", Array.ConvertAll(ClassLabels.Of(column, classCount), label => label.ToString())));
    }
}
