namespace Microsoft.ML.Data;

/// <summary>Writes a member's value as a column holds it.</summary>
internal delegate void ToRaw<TValue, TRaw>(TValue value, ref TRaw raw);

/// <summary>Reads a column's value as a member holds it, reusing what the member holds where it fits.</summary>
internal delegate void FromRaw<TValue, TRaw>(in TRaw raw, ref TValue value);

/// <summary>The conversions between members' values and columns' values.</summary>
internal static class RawValue
{
    public static ToRaw<T, T> CopyToRaw<T>() => (T value, ref T raw) => raw = value;

    public static FromRaw<T, T> CopyFromRaw<T>() => (in T raw, ref T value) => value = raw;

    public static ToRaw<string, ReadOnlyMemory<char>> TextToRaw() => (string value, ref ReadOnlyMemory<char> raw) => raw = value.AsMemory();

    public static FromRaw<string, ReadOnlyMemory<char>> TextFromRaw()
        => (in ReadOnlyMemory<char> raw, ref string value) => value = raw.ToString();

    public static ToRaw<VBuffer<T>, VBuffer<T>> BufferToRaw<T>() => (VBuffer<T> value, ref VBuffer<T> raw) => value.CopyTo(ref raw);

    public static FromRaw<VBuffer<T>, VBuffer<T>> BufferFromRaw<T>() => (in VBuffer<T> raw, ref VBuffer<T> value) => raw.CopyTo(ref value);

    public static ToRaw<TItem[], VBuffer<TRaw>> ArrayToRaw<TItem, TRaw>(ToRaw<TItem, TRaw> item)
        => (TItem[] value, ref VBuffer<TRaw> raw) =>
        {
            var editor = VBufferEditor.Create(ref raw, value?.Length ?? 0);
            if (value is TRaw[] rawItems)
                rawItems.CopyTo(editor.Values);
            else
            {
                for (var i = 0; i < editor.Values.Length; i++)
                    item(value[i], ref editor.Values[i]);
            }
            raw = editor.Commit();
        };

    public static FromRaw<TItem[], VBuffer<TRaw>> ArrayFromRaw<TItem, TRaw>(FromRaw<TItem, TRaw> item)
        => (in VBuffer<TRaw> raw, ref TItem[] value) =>
        {
            if (value?.Length != raw.Length)
                value = new TItem[raw.Length];
            if (value is TRaw[] rawItems)
                raw.CopyTo(rawItems);
            else
            {
                foreach (var (slot, rawItem) in raw.Items(all: true))
                    item(rawItem, ref value[slot]);
            }
        };
}
