using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Transforms;

/// <summary>Fills an object from each row, hands it to the caller's action together with one for the result, and adds the result's members.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _mapAction;
    private readonly string _contractName;

    internal CustomMappingTransformer(
        Action<TSrc, TDst> mapAction, string contractName, SchemaDefinition inputDefinition = null, SchemaDefinition outputDefinition = null)
    {
        _mapAction = mapAction;
        _contractName = contractName;
        InputDefinition = inputDefinition;
        OutputDefinition = outputDefinition ?? SchemaDefinition.Create(typeof(TDst), SchemaDefinition.Direction.Write);
    }

    internal SchemaDefinition InputDefinition { get; }

    internal SchemaDefinition OutputDefinition { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Map(null, inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Map(input, input.Schema);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Map(null, inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        throw _contractName == null
            ? new InvalidOperationException("Empty contract name for a transform: the transform cannot be saved")
            : new NotSupportedException($"Saving the custom mapping '{_contractName}' needs ML.NET's own packages.");
    }

    private RowToRowMapperTransform Map(IDataView source, DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new RowToRowMapperTransform(source, new Mapper(inputSchema, this));
    }

    private sealed class Mapper(DataViewSchema inputSchema, CustomMappingTransformer<TSrc, TDst> parent) : RowMapper(inputSchema)
    {
        private readonly RowReader<TSrc> _reader = new(inputSchema, ignoreMissingColumns: false, parent.InputDefinition);

        public override IEnumerable<int> InputsOf(int output) => _reader.Columns.Select(column => column.Index);

        public override Delegate[] CreateGetters(DataViewRow input, Func<int, bool> isActive)
        {
            var results = new InputRow<TDst>(parent.OutputDefinition);
            if (!results.Schema.Any(column => isActive(column.Index)))
                return new Delegate[results.Schema.Count];
            var fill = _reader.Bind(input);
            var source = new TSrc();
            var result = new TDst();
            long mapped = -1;
            void Refresh()
            {
                if (mapped == input.Position)
                    return;
                fill(source);
                parent._mapAction(source, result);
                results.ExtractValues(result);
                mapped = input.Position;
            }

            return [.. results.Schema.Select(column => !isActive(column.Index) ? null : (Delegate)GenericMethod.Call(
                typeof(Mapper), nameof(Refreshed), [column.Type.RawType], null, results, column, (Action)Refresh))];
        }

        protected override DataViewSchema.DetachedColumn[] CreateOutputColumns() =>
            [.. new InputRow<TDst>(parent.OutputDefinition).Schema.Select(column => new DataViewSchema.DetachedColumn(column))];

        protected override Delegate CreateGetter(DataViewRow input, int output) => CreateGetters(input, index => index == output)[output];

        private static ValueGetter<T> Refreshed<T>(DataViewRow results, DataViewSchema.Column column, Action refresh)
        {
            var getter = results.GetGetter<T>(column);
            return (ref T value) =>
            {
                refresh();
                getter(ref value);
            };
        }
    }
}
