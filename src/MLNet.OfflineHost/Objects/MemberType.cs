using System.Reflection;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>What column type a field or property of a given .NET type stands for, and how its values become raw values and back.</summary>
internal sealed class MemberType
{
    private static readonly Dictionary<Type, PrimitiveDataViewType> Primitives = new()
    {
        [typeof(string)] = TextDataViewType.Instance,
        [typeof(ReadOnlyMemory<char>)] = TextDataViewType.Instance,
        [typeof(bool)] = BooleanDataViewType.Instance,
        [typeof(DateTime)] = DateTimeDataViewType.Instance,
        [typeof(sbyte)] = NumberDataViewType.SByte,
        [typeof(byte)] = NumberDataViewType.Byte,
        [typeof(short)] = NumberDataViewType.Int16,
        [typeof(ushort)] = NumberDataViewType.UInt16,
        [typeof(int)] = NumberDataViewType.Int32,
        [typeof(uint)] = NumberDataViewType.UInt32,
        [typeof(long)] = NumberDataViewType.Int64,
        [typeof(ulong)] = NumberDataViewType.UInt64,
        [typeof(float)] = NumberDataViewType.Single,
        [typeof(double)] = NumberDataViewType.Double,
    };

    private readonly Type _type;
    private readonly Type _item;
    private readonly PrimitiveDataViewType _itemType;

    private MemberType(Type type, Type item, PrimitiveDataViewType itemType)
    {
        _type = type;
        _item = item;
        _itemType = itemType;
    }

    private bool IsVector => _type != _item;
    private bool IsText => _item == typeof(string);

    /// <summary>Null for a type that no column has.</summary>
    public static MemberType Of(Type type)
    {
        var isBuffer = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>);
        var item = type.IsArray ? type.GetElementType() : isBuffer ? type.GetGenericArguments()[0] : type;
        return Primitives.TryGetValue(item, out var primitive) && !(isBuffer && item == typeof(string)) ? new MemberType(type, item, primitive) : null;
    }

    public static MemberType Of(MemberInfo member) => Of(TypeOf(member)) ?? throw new ArgumentOutOfRangeException(
        nameof(member), $"The member '{member.Name}' of {member.DeclaringType} is of type {TypeOf(member)}, which no column has. Mark it [NoColumn].");

    public static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>The column type that the member's type and attributes say.</summary>
    public DataViewType DeclaredColumnType(MemberInfo member)
    {
        var itemType = _itemType;
        if (member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
        {
            if (!KeyDataViewType.IsValidDataType(_item))
                throw new ArgumentOutOfRangeException(nameof(member), $"The member '{member.Name}' is a [KeyType], but {_item} holds no key.");
            itemType = new KeyDataViewType(_item, key.Count);
        }
        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        if (!IsVector)
        {
            return vector == null ? itemType
                : throw new ArgumentOutOfRangeException(nameof(member), $"The member '{member.Name}' is a [VectorType], but {_type} is no vector.");
        }
        return vector is { Dimensions.Length: > 0 } ? new VectorDataViewType(itemType, vector.Dimensions) : new VectorDataViewType(itemType, 0);
    }

    public DataViewType InferredColumnType() => IsVector ? new VectorDataViewType(_itemType, 0) : _itemType;

    /// <summary>Whether values of this type and of the column are the same but for their form.</summary>
    public bool Fits(DataViewType column) => IsVector == column is VectorDataViewType && column.GetItemType().RawType == _itemType.RawType;

    public void RequireFit(DataViewType column, Func<string, Exception> error)
    {
        if (!Fits(column))
            throw error($"does not hold values of the type {column}.");
    }

    /// <summary>A <see cref="ToRaw{TValue, TRaw}"/> for this type.</summary>
    public Delegate ToRaw() => Conversion(
        nameof(RawValue.CopyToRaw), nameof(RawValue.TextToRaw), nameof(RawValue.BufferToRaw), nameof(RawValue.ArrayToRaw));

    /// <summary>A <see cref="FromRaw{TValue, TRaw}"/> for this type.</summary>
    public Delegate FromRaw() => Conversion(
        nameof(RawValue.CopyFromRaw), nameof(RawValue.TextFromRaw), nameof(RawValue.BufferFromRaw), nameof(RawValue.ArrayFromRaw));

    /// <summary>A value getter that always gives the same value.</summary>
    public Delegate ConstantGetter(object value)
        => (Delegate)GenericMethod.Call(typeof(MemberType), nameof(ConstantGetter), [_type, InferredColumnType().RawType], null, value, ToRaw());

    private static Delegate ConstantGetter<TValue, TRaw>(TValue value, ToRaw<TValue, TRaw> convert)
        => (ValueGetter<TRaw>)((ref TRaw raw) => convert(value, ref raw));

    private Delegate Conversion(string copy, string text, string buffer, string array)
    {
        if (IsVector && !_type.IsArray)
            return Make(buffer, [_item]);
        var item = IsText ? Make(text, []) : Make(copy, [_item]);
        return IsVector ? Make(array, [_item, _itemType.RawType], item) : item;
    }

    private static Delegate Make(string method, Type[] types, params object[] arguments)
        => types.Length == 0
            ? (Delegate)typeof(RawValue).GetMethod(method).Invoke(null, null)
            : (Delegate)GenericMethod.Call(typeof(RawValue), method, types, null, arguments);
}
