using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Transforms;

namespace MLNet.Softmax.Training;

/// <summary>The label and feature columns of a data set, found and checked.</summary>
internal sealed record TrainingColumns(DataViewSchema.Column Label, DataViewSchema.Column Features, int ClassCount, int FeatureCount)
{
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not what training needs.</exception>
    public static TrainingColumns Find(DataViewSchema schema, string labelColumnName, string featureColumnName)
    {
        var label = schema.RequireKey(labelColumnName);
        var type = (KeyDataViewType)label.Type;
        if (type.RawType != typeof(uint) || type.Count > (ulong)Array.MaxLength)
        {
            throw SchemaChecks.Refused(
                $"Column '{labelColumnName}' is {type}, but a UInt32 key that knows its number of classes is expected. Make one with Transforms.Conversion.MapValueToKey.");
        }

        var features = schema.RequireFeatures(featureColumnName);
        return new TrainingColumns(label, features, (int)type.Count, ((VectorDataViewType)features.Type).Size);
    }

    /// <summary>Checks that validation data means the same by its columns as the training data does.</summary>
    /// <exception cref="ArgumentException">It has other features or other classes.</exception>
    public void CheckAgree(TrainingColumns validation)
    {
        if (validation.FeatureCount != FeatureCount)
        {
            throw new ArgumentException(
                $"Column '{Features.Name}' has {validation.FeatureCount} slots in the validation data and {FeatureCount} in the training data.", nameof(validation));
        }

        var (expected, found) = (LabelValues.Read(Label)?.Texts ?? [], LabelValues.Read(validation.Label)?.Texts ?? []);
        if (validation.ClassCount != ClassCount || !expected.SequenceEqual(found))
        {
            throw new ArgumentException(
                $"Column '{Label.Name}' has the classes {Describe(found, validation.ClassCount)} in the validation data and {Describe(expected, ClassCount)} in the training data. " +
                "Map both with one fitted MapValueToKey.", nameof(validation));
        }
    }

    private static string Describe(IReadOnlyCollection<string> names, int count) => names.Count switch
    {
        0 => $"1 to {count}",
        <= 10 => $"[{string.Join(", ", names)}]",
        _ => $"[{string.Join(", ", names.Take(10))}, ...] ({count})",
    };
}
