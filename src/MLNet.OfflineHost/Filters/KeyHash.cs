using System.Buffers.Binary;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>A value as one of 2^30 keys: MurmurHash3, the 32-bit variant for x86, of its bytes.</summary>
internal static class KeyHash
{
    public const uint DefaultSeed = 314489979;
    public const uint KeyCount = 1u << 30;

    public static uint Key(ReadOnlySpan<byte> bytes, uint seed) => (Hash(bytes, seed) & (KeyCount - 1)) + 1;

    private static uint Hash(ReadOnlySpan<byte> bytes, uint hash)
    {
        var length = (uint)bytes.Length;
        for (; bytes.Length >= 4; bytes = bytes[4..])
            hash = (BitOperations.RotateLeft(hash ^ Scramble(BinaryPrimitives.ReadUInt32LittleEndian(bytes)), 13) * 5) + 0xE6546B64;
        uint tail = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
            tail = (tail << 8) | bytes[i];
        hash ^= Scramble(tail) ^ length;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }

    private static uint Scramble(uint block) => BitOperations.RotateLeft(block * 0xCC9E2D51, 15) * 0x1B873593;
}
