using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Labels;
using MLNet.Softmax.Numerics.Calibration;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Transforms;

namespace MLNet.Softmax.Calibration;

/// <summary>Reads scores and labels of a data view, once, row after row.</summary>
internal static class HeldOutRows
{
    /// <summary>What is done with a row; the class index is negative when the label is missing, and the class count when it names no class.</summary>
    public delegate void Visitor(ReadOnlySpan<float> scores, int label);

    public static void Read(
        IDataView data, string labelColumnName, DataViewSchema.Column scores, int classCount, Visitor visit)
    {
        var label = data.Schema.Require(labelColumnName);
        string[] classNames = [.. ClassLabels.Of(scores, classCount).Select(name => name.ToString())];
        var readerOf = LabelColumn.Reader(label, scores, classNames);

        using var cursor = data.GetRowCursor([label, scores]);
        var labelOf = readerOf(cursor);
        var scoresOf = cursor.GetGetter<VBuffer<float>>(scores);
        VBuffer<float> buffer = default;
        float[] dense = [];
        while (cursor.MoveNext())
        {
            scoresOf(ref buffer);
            if (buffer.Length != classCount)
                throw new InvalidOperationException($"A row of column '{scores.Name}' holds {buffer.Length} scores, but its type says {classCount}.");
            var index = labelOf();
            visit(DenseValues.Of(buffer, ref dense), index == LabelColumn.Unknown ? classCount : index);
        }
    }

    /// <summary>Tells the log of rows that were not used.</summary>
    public static void Report(IChannel channel, long used, LeftOutRows leftOut, string labelColumnName, string scoreColumnName)
    {
        if (leftOut.Total > 0)
        {
            channel.Warning(
                MessageSensitivity.Schema,
                $"Of the rows with columns '{labelColumnName}' and '{scoreColumnName}', {used} are used and {leftOut.Total} are not: {leftOut.Describe()}.");
        }
    }
}
