using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Writes the contents of accumulators, or reads them back. The same calls do both, so that the two cannot differ. What is read is checked:
/// a length against the bytes that are left, a number against its range.
/// </summary>
/// <remarks>
/// Numbers are as in memory: little-endian on every processor that .NET supports but IBM Z, whose files other processors refuse.
/// </remarks>
internal abstract class StateTransfer
{
    /// <summary>Whether values are read. Otherwise they are written, and stay as they are.</summary>
    public abstract bool IsReading { get; }

    /// <summary>Writes the bytes, or fills them with those that were read.</summary>
    public abstract void Bytes(Span<byte> bytes);

    /// <summary>Throws when reading, if fewer bytes are left: call it before allocating memory for them.</summary>
    public abstract void Require(long bytes);

    public void Numbers<T>(Span<T> values)
        where T : unmanaged => Bytes(MemoryMarshal.AsBytes(values));

    public T Number<T>(T value)
        where T : unmanaged
    {
        Numbers(new Span<T>(ref value));
        return value;
    }

    public bool Flag(bool value)
    {
        var flag = Number(value ? (byte)1 : (byte)0);
        Check(flag <= 1, "a flag is neither 0 nor 1");
        return flag == 1;
    }

    /// <summary>A number of rows.</summary>
    public long Count(long count)
    {
        count = Number(count);
        Check(count >= 0, "a number of rows is negative");
        return count;
    }

    /// <summary>The length of a list whose elements take at least this many bytes each.</summary>
    public int Length(int length, long bytesEach)
    {
        length = Number(length);
        Check(length >= 0, "a length is negative");
        Require(length * bytesEach);
        return length;
    }

    public string Text(string text)
    {
        var bytes = IsReading ? [] : Encoding.UTF8.GetBytes(text);
        var length = Length(bytes.Length, 1);
        if (IsReading)
            bytes = new byte[length];
        Bytes(bytes);
        return IsReading ? Encoding.UTF8.GetString(bytes) : text;
    }

    /// <summary>Structures that hold nothing but doubles, all finite.</summary>
    public void Sums<T>(Span<T> sums)
        where T : unmanaged
    {
        Numbers(sums);
        Check(TensorPrimitives.IsFiniteAll<double>(MemoryMarshal.Cast<T, double>(sums)), "a sum is not finite");
    }

    public void Sum<T>(ref T sum)
        where T : unmanaged => Sums(new Span<T>(ref sum));

    public void Probabilities(Span<float> values)
    {
        Numbers(values);
        Check(!values.ContainsAnyExceptInRange(0, 1 + ProbabilityBlock.Tolerance), "a probability is not from 0 to 1");
    }

    public void Weights(Span<float> values)
    {
        Numbers(values);
        Check(!values.ContainsAnyExceptInRange(0, float.MaxValue), "a weight is negative or not finite");
    }

    /// <summary>How many bytes the largest index below a number takes: one, two or four.</summary>
    public static int IndexSize(int count) => count <= 1 << 8 ? sizeof(byte) : count <= 1 << 16 ? sizeof(ushort) : sizeof(int);

    /// <summary>Indices below <paramref name="count"/>, in as few bytes as the largest takes.</summary>
    public void Indices(Span<int> values, int count)
    {
        var size = IndexSize(count);
        var bytes = new byte[values.Length * size];
        for (var index = 0; index < values.Length && !IsReading; index++)
            MemoryMarshal.AsBytes(values.Slice(index, 1))[..size].CopyTo(bytes.AsSpan(index * size));
        Bytes(bytes);
        for (var index = 0; index < values.Length && IsReading; index++)
        {
            values[index] = 0;
            bytes.AsSpan(index * size, size).CopyTo(MemoryMarshal.AsBytes(values.Slice(index, 1)));
        }

        Check(!values.ContainsAnyExceptInRange(0, count - 1), "a class does not exist");
    }

    public static void Check(bool holds, string problem)
    {
        if (!holds)
            throw Damaged(problem);
    }

    public static InvalidDataException Damaged(string problem) =>
        new($"The saved evaluation is damaged: {problem}. Evaluate the rows again.");
}
