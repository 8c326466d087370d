using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Which members of a class are columns, under which names and types.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    public Column this[string columnName]
    {
        get => Find(column => column.ColumnName == columnName);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.ColumnName != columnName)
                throw new ArgumentOutOfRangeException(nameof(columnName), $"The column is named '{value.ColumnName}', but was set as '{columnName}'.");
            var index = FindIndex(column => column.ColumnName == columnName);
            if (index >= 0)
                this[index] = value;
            else
                Add(value);
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        ArgumentNullException.ThrowIfNull(userType);
        var definition = new SchemaDefinition();
        foreach (var member in Members(userType, direction))
        {
            var name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            if (definition[name] != null)
                throw new ArgumentOutOfRangeException(nameof(userType), $"Two members of {userType} are both the column '{name}'.");
            definition.Add(new Column(member.Name, MemberType.Of(member).DeclaredColumnType(member), name));
        }
        return definition;
    }

    private static IEnumerable<MemberInfo> Members(Type type, Direction direction)
    {
        var fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance);
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property =>
            property.GetIndexParameters().Length == 0
            && ((direction.HasFlag(Direction.Read) && property.GetGetMethod() != null)
                || (direction.HasFlag(Direction.Write) && property.GetSetMethod() != null)));
        return fields.Concat<MemberInfo>(properties).Where(member => member.GetCustomAttribute<NoColumnAttribute>() == null);
    }

    public sealed class Column
    {
        private readonly DataViewSchema.Annotations.Builder _annotations = new();
        private readonly HashSet<string> _annotationKinds = [];

        internal Column(string memberName, DataViewType columnType, string columnName)
        {
            MemberName = memberName;
            ColumnType = columnType;
            ColumnName = columnName;
        }

        public string MemberName { get; }
        public string ColumnName { get; set; }
        public DataViewType ColumnType { get; set; }
        public DataViewSchema.Annotations Annotations => _annotations.ToAnnotations();

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            ArgumentNullException.ThrowIfNull(kind);
            ArgumentNullException.ThrowIfNull(annotationType);
            if (!_annotationKinds.Add(kind))
                throw new InvalidOperationException($"The column '{ColumnName}' already has an annotation '{kind}'.");
            var type = MemberType.Of(typeof(T)) ?? throw new InvalidOperationException($"The annotation '{kind}' cannot be of type {typeof(T)}.");
            type.RequireFit(annotationType, message => new InvalidOperationException($"The annotation '{kind}' of type {typeof(T)} {message}"));
            _annotations.Add(kind, annotationType, type.ConstantGetter(value));
        }
    }
}
