using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Transforms;

public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly InputOutputColumnPair _column;
    private readonly long _maximumExampleCount;
    private readonly bool _fixZero;

    internal NormalizingEstimator(InputOutputColumnPair column, long maximumExampleCount, bool fixZero)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maximumExampleCount, 1);
        _column = column;
        _maximumExampleCount = maximumExampleCount;
        _fixZero = fixZero;
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var source = input.Schema.GetColumnOrNull(_column.InputColumnName)
            ?? throw Contracts.ExceptSchemaMismatch(nameof(input), "input", _column.InputColumnName);
        NormalizingTransformer.CheckInput(source);
        using var cursor = input.GetRowCursor([source]);
        var ranges = new SlotRanges(cursor, source);
        for (long row = 0; row < _maximumExampleCount && cursor.MoveNext(); row++)
            ranges.Add();
        return new NormalizingTransformer([_column], [source.Type], [ranges.CreateFunction(_fixZero)]);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var input = inputSchema.Find(_column.InputColumnName);
        if (input.Kind == VectorKind.VariableVector)
            throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, "known-size vector or scalar", input.GetTypeString());
        if (!input.ItemType.Equals(NumberDataViewType.Single))
            throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input.Name, "vector or scalar of Single", input.GetTypeString());
        var annotations = input.Annotations.Where(annotation => annotation.Name == AnnotationUtils.Kinds.SlotNames)
            .Prepend(new(AnnotationUtils.Kinds.IsNormalized, VectorKind.Scalar, BooleanDataViewType.Instance, false));
        return inputSchema.With(
            new SchemaShape.Column(_column.OutputColumnName, input.Kind, input.ItemType, input.IsKey, new SchemaShape(annotations)));
    }
}
