using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Transforms;

public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly InputOutputColumnPair _column;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _keyOrdinality;
    private readonly bool _keyValuesAsText;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(
        InputOutputColumnPair column, int maximumNumberOfKeys, KeyOrdinality keyOrdinality, bool keyValuesAsText, IDataView keyData)
    {
        if (keyData != null && keyData.Schema.Count != 1)
        {
            throw new ArgumentOutOfRangeException(nameof(keyData), "If specified, this data view should contain only a single column " +
                $"containing the terms to map, but this had {keyData.Schema.Count} columns.");
        }

        _column = column;
        _maximumNumberOfKeys = maximumNumberOfKeys;
        _keyOrdinality = keyOrdinality;
        _keyValuesAsText = keyValuesAsText;
        _keyData = keyData;
    }

    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var source = ValueToKeyMappingTransformer.CheckInput(input.Schema, _column.InputColumnName);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_maximumNumberOfKeys);
        var map = _keyData == null ? Gather(input, source, _maximumNumberOfKeys) : Gather(_keyData, _keyData.Schema[0], int.MaxValue);
        if (!map.ItemType.Equals(source.Type.GetItemType()))
        {
            throw new ArgumentOutOfRangeException(nameof(_keyData), $"Terms from input data type '{map.ItemType}' but mismatches " +
                $"column '{source.Name}' item type '{source.Type.GetItemType()}'");
        }

        return new ValueToKeyMappingTransformer([_column], [map], [_keyValuesAsText]);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var input = inputSchema.Find(_column.InputColumnName);
        bool keepsValues = input.IsKey
            && input.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var known) && known.Kind == VectorKind.Vector;
        var annotations = input.Annotations.Where(annotation => annotation.Name == AnnotationUtils.Kinds.SlotNames
            || (keepsValues && annotation.Name == AnnotationUtils.Kinds.KeyValues)).ToList();
        if (!keepsValues)
        {
            DataViewType valueType = _keyValuesAsText ? TextDataViewType.Instance : input.ItemType;
            annotations.Add(new(AnnotationUtils.Kinds.KeyValues, VectorKind.Vector, valueType, input.IsKey && !_keyValuesAsText));
        }

        return inputSchema.With(new SchemaShape.Column(
            _column.OutputColumnName, input.Kind, NumberDataViewType.UInt32, true, new SchemaShape(annotations)));
    }

    private TermMap Gather(IDataView data, DataViewSchema.Column source, int limit)
    {
        using var cursor = data.GetRowCursor([source]);
        var builder = TermMapBuilder.Create(cursor, source, limit);
        while (cursor.MoveNext() && builder.AddRow())
        {
        }

        return builder.Finish(_keyOrdinality);
    }
}
