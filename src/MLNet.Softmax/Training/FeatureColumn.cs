using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax.Training;

/// <summary>Finds a feature column: a float vector of known size and of any shape.</summary>
internal static class FeatureColumn
{
    /// <exception cref="ArgumentOutOfRangeException">It is missing, has another type, or a size that is unknown or not <paramref name="expectedCount"/>.</exception>
    public static DataViewSchema.Column RequireFeatures(this DataViewSchema schema, string columnName, int? expectedCount = null)
    {
        var column = schema.RequireScores(columnName);
        var type = (VectorDataViewType)column.Type;
        if (!type.IsKnownSize)
        {
            throw SchemaChecks.Refused(
                $"Column '{columnName}' is {type}, a vector of unknown size, but the number of features must be known. Give the column a fixed size, e.g. with [VectorType(10)] or a schema definition.");
        }

        return expectedCount is null || type.Size == expectedCount
            ? column
            : throw SchemaChecks.Refused(
                $"Column '{columnName}' has {type.Size} features, but the model was trained on {expectedCount}.");
    }
}
