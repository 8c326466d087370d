using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Transforms;

public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly InputOutputColumnPair[] _columns;
    private readonly long _maximumExampleCount;
    private readonly bool _fixZero;

    internal NormalizingEstimator(InputOutputColumnPair[] columns, long maximumExampleCount, bool fixZero)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maximumExampleCount, 1);
        _columns = columns;
        _maximumExampleCount = maximumExampleCount;
        _fixZero = fixZero;
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var sources = Array.ConvertAll(_columns, column => input.Schema.GetColumnOrNull(column.InputColumnName)
            ?? throw Contracts.ExceptSchemaMismatch(nameof(input), "input", column.InputColumnName));
        foreach (var source in sources)
            NormalizingTransformer.CheckInput(source);
        using var cursor = input.GetRowCursor(sources);
        var ranges = Array.ConvertAll(sources, source => SlotRanges.Create(cursor, source));
        for (long row = 0; row < _maximumExampleCount && cursor.MoveNext(); row++)
        {
            foreach (var range in ranges)
                range.Add();
        }

        return new NormalizingTransformer(_columns, Array.ConvertAll(ranges, range => range.CreateFunction(_fixZero)));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(_columns.Select(column =>
        {
            var input = inputSchema.Find(column.InputColumnName);
            if (input.Kind == VectorKind.VariableVector)
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, "known-size vector or scalar", input.GetTypeString());
            if (!input.ItemType.Equals(NumberDataViewType.Single) && !input.ItemType.Equals(NumberDataViewType.Double))
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, "vector or scalar of Single or Double", input.GetTypeString());
            var annotations = input.Annotations.Where(annotation => annotation.Name == AnnotationUtils.Kinds.SlotNames)
                .Prepend(new(AnnotationUtils.Kinds.IsNormalized, VectorKind.Scalar, BooleanDataViewType.Instance, false));
            return new SchemaShape.Column(column.OutputColumnName, input.Kind, input.ItemType, input.IsKey, new SchemaShape(annotations));
        }));
    }
}
