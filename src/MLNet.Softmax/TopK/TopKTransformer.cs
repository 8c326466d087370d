using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Persistence;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax;

/// <summary>Adds the k highest scores of a column of class scores, highest first, with the names and the indices of their classes.</summary>
/// <remarks>
/// Adds three columns of min(k, number of classes) items: {prefix}Labels (text), {prefix}Scores (<see cref="float"/>) and {prefix}Indices
/// (<see cref="uint"/>, from 0). Equal scores: the lower index first. NaN ranks below -infinity. Labels are the input's SlotNames, else its
/// TrainingLabelValues, of whatever type, else the index as text.
/// </remarks>
[ModelFormat("Softmax.TopK", "TOPKCLSS", 1)]
public sealed class TopKTransformer : RowToRowTransformer, ILoadableTransformer<TopKTransformer>
{
    internal TopKTransformer(string outputColumnPrefix, string inputColumnName, int k)
    {
        ThrowIfNotK(k);
        (OutputColumnPrefix, InputColumnName, K) = (outputColumnPrefix, inputColumnName, k);
    }

    /// <summary>What the names of the added columns begin with.</summary>
    public string OutputColumnPrefix { get; }

    /// <summary>The name of the column of scores that is read.</summary>
    public string InputColumnName { get; }

    /// <summary>How many classes are kept, at most; 1 or more.</summary>
    public int K { get; }

    /// <summary>The name of the column of labels.</summary>
    public string LabelsColumnName => OutputColumnPrefix + "Labels";

    /// <summary>The name of the column of scores.</summary>
    public string ScoresColumnName => OutputColumnPrefix + "Scores";

    /// <summary>The name of the column of class indices.</summary>
    public string IndicesColumnName => OutputColumnPrefix + "Indices";

    static TopKTransformer ILoadableTransformer<TopKTransformer>.Load(ModelReader reader)
    {
        var (prefix, input, k) = (reader.ReadString(), reader.ReadColumnName(), reader.ReadInt32());
        reader.Check(k >= 1, $"k = {k}");
        return new(prefix, input, k);
    }

    internal static void ThrowIfNotK(int k)
    {
        if (k < 1) throw new ArgumentOutOfRangeException(nameof(k), k, "k, the number of classes to keep, must be 1 or more.");
    }

    private protected override RowMapping Bind(DataViewSchema inputSchema)
    {
        var (scores, classCount) = inputSchema.RequireClassScores(InputColumnName);
        var kept = Math.Min(K, classCount);
        var labels = new Lazy<ReadOnlyMemory<char>[]>(() => ClassLabels.Of(scores, classCount));
        return new RowMapping(
            inputSchema,
            [scores],
            [
                new(LabelsColumnName, new VectorDataViewType(TextDataViewType.Instance, kept)),
                new(ScoresColumnName, new VectorDataViewType(NumberDataViewType.Single, kept)),
                new(IndicesColumnName, new VectorDataViewType(NumberDataViewType.UInt32, kept)),
            ],
            CreateGetters);

        Delegate[] CreateGetters(DataViewRow row) => new TopKOfRow(row, scores, kept, labels.Value).Getters;
    }

    private protected override void Save(ModelWriter writer)
    {
        writer.Write(OutputColumnPrefix);
        writer.Write(InputColumnName);
        writer.Write(K);
    }
}
