using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    public sealed class Builder
    {
        private readonly List<DetachedColumn> _columns = [];
        public void AddColumn(string name, DataViewType type, Annotations annotations = null)
            => _columns.Add(new DetachedColumn(name, type, annotations));

        public void AddColumns(IEnumerable<Column> source)
        {
            foreach (var column in source)
                AddColumn(column.Name, column.Type, column.Annotations);
        }

        public void AddColumns(IEnumerable<DetachedColumn> source)
        {
            foreach (var column in source)
                AddColumn(column.Name, column.Type, column.Annotations);
        }

        public DataViewSchema ToSchema()
        {
            var lastByName = new Dictionary<string, int>();
            for (var i = 0; i < _columns.Count; i++)
                lastByName[_columns[i].Name] = i;
            return new DataViewSchema(_columns
                .Select((column, i) => new Column(column.Name, i, lastByName[column.Name] != i, column.Type, column.Annotations))
                .ToArray());
        }
    }
}
