using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Training;

/// <summary>
/// Reads a data view once into memory, 4 bytes per row and feature plus about 40 per row: mini-batches in random order need every row at hand.
/// </summary>
internal static class TrainingDataReader
{
    /// <returns>The rows, and how many were left out because their label is missing.</returns>
    /// <exception cref="InvalidOperationException">A feature is not finite, or a label is none of the known classes.</exception>
    public static (LabelledRows Rows, long WithoutLabel) Read(IDataView data, TrainingColumns columns, CancellationToken cancellationToken)
    {
        List<float[]> features = [];
        List<int> labels = [];
        long withoutLabel = 0;
        using var cursor = data.GetRowCursor([columns.Label, columns.Features]);
        var getLabel = cursor.GetGetter<uint>(columns.Label);
        var getFeatures = cursor.GetGetter<VBuffer<float>>(columns.Features);
        uint key = 0;
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            getLabel(ref key);
            if (key == 0)
            {
                withoutLabel++;
                continue;
            }

            if (key > (uint)columns.ClassCount)
                throw new InvalidOperationException($"Column '{columns.Label.Name}' holds the key {key} in row {cursor.Position}, but it has {columns.ClassCount} classes (keys 1 to {columns.ClassCount}).");
            getFeatures(ref buffer);
            var row = new float[columns.FeatureCount];
            CopyFinite(buffer, row, columns, cursor.Position);
            features.Add(row);
            labels.Add((int)key - 1);
        }

        return (new LabelledRows(features, labels), withoutLabel);
    }

    private static void CopyFinite(in VBuffer<float> source, float[] row, TrainingColumns columns, long position)
    {
        if (source.Length != row.Length)
            throw new InvalidOperationException($"Column '{columns.Features.Name}' has {source.Length} features in row {position}, but its type says {row.Length}.");
        source.CopyTo(row);
        for (var slot = 0; slot < row.Length; slot++)
        {
            if (!float.IsFinite(row[slot]))
            {
                throw new InvalidOperationException(
                    $"Column '{columns.Features.Name}' holds {row[slot]} in row {position}, slot {slot}, but finite numbers are expected. " +
                    "Replace or filter such rows first, e.g. with Transforms.ReplaceMissingValues or Data.FilterRowsByMissingValues.");
            }
        }
    }
}
