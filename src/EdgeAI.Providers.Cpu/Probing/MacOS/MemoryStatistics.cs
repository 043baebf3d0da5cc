using System.Buffers.Binary;

namespace EdgeAI.Providers.Cpu.Probing.MacOS;

/// <summary>Reads <c>vm_statistics64</c> (mach/vm_statistics.h), counted in pages.</summary>
internal static class MemoryStatistics
{
    public const int ByteLength = 152;

    /// <summary>Pages that are free or hold what can be dropped; <see langword="null"/> for a short answer.</summary>
    public static long? FreePages(ReadOnlySpan<byte> answer) =>
        answer.Length < 12 ? null : BinaryPrimitives.ReadUInt32LittleEndian(answer) + (long)BinaryPrimitives.ReadUInt32LittleEndian(answer[8..]);
}
