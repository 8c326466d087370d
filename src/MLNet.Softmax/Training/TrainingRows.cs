using MLNet.Softmax.Numerics.Training;

namespace MLNet.Softmax.Training;

/// <summary>The columns that training reads, found and checked.</summary>
/// <param name="Label">A UInt32 key of known count.</param>
/// <param name="Features">A float vector of known size and of any shape.</param>
/// <param name="Weight">A float; null when every row counts 1.</param>
internal sealed record TrainingColumns(DataViewSchema.Column Label, DataViewSchema.Column Features, DataViewSchema.Column? Weight)
{
    public int ClassCount => (int)((KeyDataViewType)Label.Type).Count;

    public int FeatureCount => ((VectorDataViewType)Features.Type).Size;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not what training needs.</exception>
    public static TrainingColumns Find(DataViewSchema schema, MultilayerPerceptronOptions options)
    {
        var label = schema.RequireKey(options.LabelColumnName);
        var type = (KeyDataViewType)label.Type;
        if (type.RawType != typeof(uint) || type.Count > (ulong)Array.MaxLength)
        {
            throw SchemaChecks.Refused(
                $"Column '{label.Name}' is {type}, but a UInt32 key that knows its number of classes is expected. "
                + "Make one with Transforms.Conversion.MapValueToKey.");
        }

        var features = schema.RequireVector(options.FeatureColumnName);
        if (!((VectorDataViewType)features.Type).IsKnownSize)
        {
            throw SchemaChecks.Refused(
                $"Column '{features.Name}' is {features.Type}, a vector of unknown size, but the number of features must be known. "
                + "Give the column a fixed size, e.g. with [VectorType(10)] or a schema definition.");
        }

        DataViewSchema.Column? weight = options.ExampleWeightColumnName is { } name ? schema.Require(name) : null;
        return weight is null || weight.Value.Type == NumberDataViewType.Single
            ? new TrainingColumns(label, features, weight)
            : throw SchemaChecks.Refused($"Column '{weight.Value.Name}' is {weight.Value.Type}, but Single is expected for example "
                + "weights.");
    }

    /// <summary>Checks that the columns of validation data have the same features and classes.</summary>
    /// <exception cref="ArgumentException">It has other features or other classes.</exception>
    public void CheckAgree(TrainingColumns validation)
    {
        if (validation.FeatureCount != FeatureCount)
        {
            throw new ArgumentException(
                $"Column '{Features.Name}' has {validation.FeatureCount} slots in the validation data and {FeatureCount} in the "
                + "training data.",
                nameof(validation));
        }

        var (expected, found) = (ClassNames() ?? [], validation.ClassNames() ?? []);
        if (validation.ClassCount != ClassCount || !expected.SequenceEqual(found))
        {
            throw new ArgumentException(
                $"Column '{Label.Name}' has the classes {Describe(found, validation.ClassCount)} in the validation data and "
                + $"{Describe(expected, ClassCount)} in the training data. Map both with one fitted MapValueToKey.", nameof(validation));
        }
    }

    /// <summary>The values of the label's keys as text; null when it has none.</summary>
    public string[]? ClassNames() => ClassLabels.Read(Label, AnnotationUtils.Kinds.KeyValues, ClassCount);

    private static string Describe(string[] names, int count) => names.Length switch
    {
        0 => $"1 to {count}",
        <= 10 => $"[{string.Join(", ", names)}]",
        _ => $"[{string.Join(", ", names.Take(10))}, ...] ({count})",
    };
}

/// <summary>
/// Reads a data view once into memory, 4 bytes per row and feature plus about 40 per row: mini-batches in random order need every row.
/// </summary>
internal static class TrainingRows
{
    /// <summary>
    /// Reads the rows that have a label and a weight above 0. The log says how many have no label. Messages call the data by its
    /// <paramref name="purpose"/>: "training" or "validation".
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// There is no such row, a feature or weight is not finite, a weight is negative, or a label is not one of the known classes.
    /// </exception>
    public static LabelledRows Read(
        IDataView data, TrainingColumns columns, string purpose, IChannel channel, CancellationToken cancellationToken)
    {
        List<float[]> features = [];
        List<int> labels = [];
        List<float>? weights = columns.Weight is null ? null : [];
        long withoutLabel = 0, weightless = 0;
        DataViewSchema.Column[] needed =
            columns.Weight is { } read ? [columns.Label, columns.Features, read] : [columns.Label, columns.Features];
        using var cursor = data.GetRowCursor(needed);
        var getLabel = cursor.GetGetter<uint>(columns.Label);
        var getFeatures = cursor.GetGetter<VBuffer<float>>(columns.Features);
        var getWeight = columns.Weight is { } column ? cursor.GetGetter<float>(column) : (ref float one) => one = 1;
        uint key = 0;
        float weight = 0;
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            getLabel(ref key);
            getWeight(ref weight);
            CheckLabelAndWeight(key, weight, columns, cursor.Position);
            if (key == 0)
            {
                withoutLabel++;
                continue;
            }

            if (weight == 0)
            {
                weightless++;
                continue;
            }

            getFeatures(ref buffer);
            features.Add(Finite(buffer, columns, cursor.Position));
            labels.Add((int)key - 1);
            weights?.Add(weight);
        }

        if (labels.Count == 0)
        {
            throw new InvalidOperationException($"The {purpose} data {(withoutLabel, weightless) switch
            {
                (0, 0) => "has no rows",
                (_, 0) => $"has {withoutLabel} rows, all without a label in column '{columns.Label.Name}'",
                _ => $"has {withoutLabel + weightless} rows, all without a label in column '{columns.Label.Name}' "
                    + $"or with weight 0 in column '{columns.Weight?.Name}'",
            }}; rows with a label are needed.");
        }

        if (withoutLabel > 0)
            channel.Warning(MessageSensitivity.None, "Left out {0} {1} rows without a label.", withoutLabel, purpose);
        return new LabelledRows(features, labels, weights);
    }

    private static void CheckLabelAndWeight(uint key, float weight, TrainingColumns columns, long position)
    {
        if (key > (uint)columns.ClassCount)
        {
            throw new InvalidOperationException(
                $"Column '{columns.Label.Name}' holds the key {key} in row {position}, but it has {columns.ClassCount} classes "
                + $"(keys 1 to {columns.ClassCount}).");
        }

        if (!float.IsFinite(weight) || weight < 0)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Column '{columns.Weight?.Name}' holds the weight {weight} in row {position}, but a finite number of at least 0 is "
                + $"expected."));
        }
    }

    private static float[] Finite(in VBuffer<float> source, TrainingColumns columns, long position)
    {
        var row = new float[columns.FeatureCount];
        if (source.Length != row.Length)
        {
            throw new InvalidOperationException(
                $"Column '{columns.Features.Name}' has {source.Length} features in row {position}, but its type says {row.Length}.");
        }

        source.CopyTo(row);
        for (var slot = 0; slot < row.Length; slot++)
        {
            if (!float.IsFinite(row[slot]))
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Column '{columns.Features.Name}' holds {row[slot]} in row {position}, slot {slot}, but finite numbers are expected. "
                    + $"Replace or filter such rows first, e.g. with Transforms.ReplaceMissingValues or Data.FilterRowsByMissingValues."));
            }
        }

        return row;
    }
}
