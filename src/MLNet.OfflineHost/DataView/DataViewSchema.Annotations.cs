using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>Named, typed facts about a column, each computed when asked for.</summary>
    public sealed partial class Annotations
    {
        private readonly Delegate[] _getters;

        private Annotations(DataViewSchema schema, Delegate[] getters)
        {
            Schema = schema;
            _getters = getters;
        }

        public DataViewSchema Schema { get; }
        public static Annotations Empty { get; } = new Annotations(new DataViewSchema([]), []);

        public ValueGetter<TValue> GetGetter<TValue>(Column column)
        {
            if (column.Index >= _getters.Length)
                throw new ArgumentException($"These annotations have no '{column.Name}' at index {column.Index}.", nameof(column));
            return _getters[column.Index] as ValueGetter<TValue> ?? throw new InvalidOperationException(
                $"The annotation '{Schema[column.Index].Name}' is of type {Schema[column.Index].Type}, but was read as {typeof(TValue)}.");
        }

        public void GetValue<TValue>(string kind, ref TValue value)
        {
            var column = Schema.GetColumnOrNull(kind)
                ?? throw new InvalidOperationException($"There is no annotation '{kind}'; there are: {this}.");
            GetGetter<TValue>(column)(ref value);
        }

        public override string ToString() => string.Join(", ", Schema.Select(column => column.Name));

        internal Delegate GetGetterInternal(int index) => _getters[index];
    }
}
