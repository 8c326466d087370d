using System.Linq.Expressions;
using System.Numerics;
using System.Reflection;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>A field or property of a row class together with the column that it stands for.</summary>
internal sealed class MemberColumn
{
    private readonly MemberInfo _member;
    private readonly MemberType _memberType;
    private readonly Lazy<Delegate> _read;
    private readonly Lazy<Delegate> _write;

    private MemberColumn(Type rowType, MemberInfo member, string name, DataViewType type, DataViewSchema.Annotations annotations)
    {
        _member = member;
        _memberType = MemberType.Of(member);
        Name = name;
        Type = type ?? _memberType.InferredColumnType();
        Annotations = annotations;
        _memberType.RequireFit(Type, message => new ArgumentOutOfRangeException(
            nameof(type), $"The column '{name}' is of type {Type}, but the member '{member.Name}' of type {MemberType.TypeOf(member)} {message}"));
        _read = new Lazy<Delegate>(() => CompileRead(rowType));
        _write = new Lazy<Delegate>(() => CompileWrite(rowType));
    }

    public string Name { get; }
    public DataViewType Type { get; }
    public DataViewSchema.Annotations Annotations { get; }
    private bool CanRead => _member is not PropertyInfo property || property.CanRead;

    public static MemberColumn[] Of(Type rowType, SchemaDefinition definition) => definition.Select(column =>
    {
        var member = (MemberInfo)rowType.GetField(column.MemberName) ?? rowType.GetProperty(column.MemberName)
            ?? throw new ArgumentOutOfRangeException(nameof(definition), $"{rowType} has no public field or property '{column.MemberName}'.");
        var name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        return new MemberColumn(rowType, member, name, column.ColumnType, column.Annotations);
    }).ToArray();

    public static DataViewSchema SchemaOf(IEnumerable<MemberColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        return builder.ToSchema();
    }

    /// <summary>A value getter over the object that <paramref name="current"/> gives at the time.</summary>
    public Delegate CreateGetter<TRow>(Func<TRow> current)
    {
        var getter = (Delegate)GenericMethod.Call(
            typeof(MemberColumn), nameof(Getter), [typeof(TRow), MemberType.TypeOf(_member), Type.RawType], this, current);
        return Type is KeyDataViewType key
            ? (Delegate)GenericMethod.Call(typeof(MemberColumn), nameof(CountedFromOne), [Type.RawType], null, getter, key.Count)
            : getter;
    }

    /// <summary>An action that fills an object's member from the row's current value.</summary>
    public Action<TRow> CreateSetter<TRow>(DataViewRow row, DataViewSchema.Column column)
    {
        if (!_memberType.Fits(column.Type))
            throw new InvalidOperationException($"The column '{column.Name}' of type {column.Type} does not fit the member '{_member.Name}' of type {MemberType.TypeOf(_member)}.");
        return (Action<TRow>)GenericMethod.Call(
            typeof(MemberColumn), nameof(Setter), [typeof(TRow), MemberType.TypeOf(_member), column.Type.RawType], this, row, column);
    }

    private ValueGetter<TRaw> Getter<TRow, TValue, TRaw>(Func<TRow> current)
    {
        var read = (Func<TRow, TValue>)_read.Value;
        var convert = (ToRaw<TValue, TRaw>)_memberType.ToRaw();
        return (ref TRaw raw) => convert(read(current()), ref raw);
    }

    private Action<TRow> Setter<TRow, TValue, TRaw>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<TRaw>(column);
        var read = CanRead && column.Type is VectorDataViewType ? (Func<TRow, TValue>)_read.Value : null;
        var write = (Action<TRow, TValue>)_write.Value;
        var convert = (FromRaw<TValue, TRaw>)_memberType.FromRaw();
        TRaw raw = default;
        return target =>
        {
            getter(ref raw);
            var value = read == null ? default : read(target);
            convert(in raw, ref value);
            write(target, value);
        };
    }

    /// <summary>Objects count their keys from 0, columns from 1 with 0 as missing.</summary>
    private static ValueGetter<T> CountedFromOne<T>(ValueGetter<T> getter, ulong count)
        where T : struct, IBinaryInteger<T>
        => (ref T key) =>
        {
            getter(ref key);
            key = ulong.CreateTruncating(key) < count ? key + T.One : T.Zero;
        };

    private Delegate CompileRead(Type rowType)
    {
        var row = Expression.Parameter(rowType);
        return Expression.Lambda(Expression.MakeMemberAccess(row, _member), row).Compile();
    }

    private Delegate CompileWrite(Type rowType)
    {
        var row = Expression.Parameter(rowType);
        var value = Expression.Parameter(MemberType.TypeOf(_member));
        var assignment = Expression.Assign(Expression.MakeMemberAccess(row, _member), value);
        return Expression.Lambda(typeof(Action<,>).MakeGenericType(rowType, value.Type), assignment, row, value).Compile();
    }
}
