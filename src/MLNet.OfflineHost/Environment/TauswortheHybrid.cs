using System.Numerics;

namespace Microsoft.ML.Internal.Utilities;

internal static class RandomUtils
{
    public static Random Create(int? seed) => seed.HasValue ? new TauswortheHybrid((uint)seed.Value) : new TauswortheHybrid(new Random());

    public static Random Create(Random source) => new TauswortheHybrid(source);
}

/// <summary>
/// The generator ML.NET draws all its random numbers from, so that a seed gives the same numbers on both hosts:
/// three Tausworthe generators and one linear congruential one, combined by exclusive or
/// (L. Howes and D. Thomas, GPU Gems 3, chapter 37).
/// </summary>
internal sealed class TauswortheHybrid : Random
{
    private uint _first;
    private uint _second;
    private uint _third;
    private uint _congruential;

    public TauswortheHybrid(uint seed)
    {
        _first = seed;
        _second = MurmurRound(_first, _first);
        _third = MurmurRound(_second, _first);
        _congruential = MurmurRound(_third, _first);
    }

    public TauswortheHybrid(Random source)
    {
        _first = DrawTausworthe(source);
        _second = DrawTausworthe(source);
        _third = DrawTausworthe(source);
        _congruential = Draw(source);
    }

    public override int Next()
    {
        uint bits = NextBits();
        return (int)(bits + (bits & 0x80000000));
    }

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)((NextBits() * (ulong)maxValue) >> 32);
    }

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (int)((long)(NextDouble() * ((long)maxValue - minValue)) + minValue);
    }

    public override double NextDouble() => NextBits() * (1.0 / 4294967296.0);

    public override float NextSingle() => (NextBits() >> 9) * (1f / (1 << 23));

    public override void NextBytes(byte[] buffer)
    {
        for (int index = 0; index < buffer.Length; index++)
            buffer[index] = (byte)Next();
    }

    // The Tausworthe generators degenerate from small starting points.
    private static uint DrawTausworthe(Random source)
    {
        uint bits;
        do
            bits = Draw(source);
        while (bits < 128);
        return bits;
    }

    private static uint Draw(Random source) => ((uint)source.Next(0x10000) << 16) | (uint)source.Next(0x10000);

    private static uint MurmurRound(uint hash, uint chunk)
    {
        chunk = BitOperations.RotateLeft(chunk * 0xCC9E2D51, 15) * 0x1B873593;
        return (BitOperations.RotateLeft(hash ^ chunk, 13) * 5) + 0xE6546B64;
    }

    private static uint Step(uint state, int left, int right, int shift, uint mask) =>
        ((state & mask) << shift) ^ (((state << left) ^ state) >> right);

    private uint NextBits()
    {
        _first = Step(_first, 13, 19, 12, ~0x1u);
        _second = Step(_second, 2, 25, 4, ~0x7u);
        _third = Step(_third, 3, 11, 17, ~0xFu);
        _congruential = (1664525 * _congruential) + 1013904223;
        return _first ^ _second ^ _third ^ _congruential;
    }
}
