using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>Memory between two pages that may not be touched: whoever reads or writes beyond it ends the process.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int NoAccess = 0, ReadWrite = 3, PrivateAnonymous = 0x22;

    private readonly nint mapping;
    private readonly nuint pageSize = (nuint)Environment.SystemPageSize;
    private readonly nuint usable;

    public GuardedMemory(int floats)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Guard pages are set up with Linux's mmap.");
        usable = (((nuint)floats * sizeof(float)) + pageSize - 1) / pageSize * pageSize;
        mapping = Map(0, usable + (2 * pageSize), NoAccess, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, mapping);
        Assert.Equal(0, Protect(mapping + (nint)pageSize, usable, ReadWrite));
    }

    /// <summary>The last floats before the guard page.</summary>
    public Span<float> AtEnd(int count) => new((void*)(mapping + (nint)pageSize + (nint)usable - ((nint)count * sizeof(float))), count);

    /// <summary>The first floats after the guard page.</summary>
    public Span<float> AtStart(int count) => new((void*)(mapping + (nint)pageSize), count);

    public void Dispose() => Unmap(mapping, usable + (2 * pageSize));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
