using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Transforms;

public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly InputOutputColumnPair[] _columns;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _keyOrdinality;
    private readonly bool _keyValuesAsText;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(
        InputOutputColumnPair[] columns, int maximumNumberOfKeys, KeyOrdinality keyOrdinality, bool keyValuesAsText, IDataView keyData)
    {
        if (keyData != null && keyData.Schema.Count != 1)
        {
            throw new ArgumentOutOfRangeException(nameof(keyData), "If specified, this data view should contain only a single column " +
                $"containing the terms to map, but this had {keyData.Schema.Count} columns.");
        }

        _columns = columns;
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
        var sources = Array.ConvertAll(_columns, column => ValueToKeyMappingTransformer.CheckInput(input.Schema, column.InputColumnName));
        if (_keyData != null)
            return new ValueToKeyMappingTransformer(_columns, KeyDataMaps(sources), _keyValuesAsText);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_maximumNumberOfKeys);
        return new ValueToKeyMappingTransformer(_columns, Gather(input, sources, _maximumNumberOfKeys), _keyValuesAsText);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(_columns.Select(column =>
        {
            var input = inputSchema.Find(column.InputColumnName);
            bool keepsValues = input.IsKey
                && input.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var known) && known.Kind == VectorKind.Vector;
            var annotations = input.Annotations.Where(annotation => annotation.Name == AnnotationUtils.Kinds.SlotNames
                || (keepsValues && annotation.Name == AnnotationUtils.Kinds.KeyValues)).ToList();
            if (!keepsValues)
            {
                DataViewType valueType = _keyValuesAsText ? TextDataViewType.Instance : input.ItemType;
                annotations.Add(new(AnnotationUtils.Kinds.KeyValues, VectorKind.Vector, valueType, input.IsKey && !_keyValuesAsText));
            }

            return new SchemaShape.Column(
                column.OutputColumnName, input.Kind, NumberDataViewType.UInt32, true, new SchemaShape(annotations));
        }));
    }

    private TermMap[] Gather(IDataView data, DataViewSchema.Column[] sources, int limit)
    {
        using var cursor = data.GetRowCursor(sources);
        var builders = Array.ConvertAll(sources, source => TermMapBuilder.Create(cursor, source, limit));
        var filling = builders.ToList();
        while (filling.Count > 0 && cursor.MoveNext())
            filling.RemoveAll(builder => !builder.AddRow());
        return Array.ConvertAll(builders, builder => builder.Finish(_keyOrdinality));
    }

    private TermMap[] KeyDataMaps(DataViewSchema.Column[] sources)
    {
        var map = Gather(_keyData, [_keyData.Schema[0]], int.MaxValue)[0];
        foreach (var source in sources)
        {
            if (!map.ItemType.Equals(source.Type.GetItemType()))
            {
                throw new ArgumentOutOfRangeException(nameof(_keyData), $"Terms from input data type '{map.ItemType}' but mismatches " +
                    $"column '{source.Name}' item type '{source.Type.GetItemType()}'");
            }
        }

        return [.. sources.Select(_ => map)];
    }
}
