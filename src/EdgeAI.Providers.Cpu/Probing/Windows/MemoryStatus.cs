using System.Buffers.Binary;

namespace EdgeAI.Providers.Cpu.Probing.Windows;

/// <summary>Reads <c>MEMORYSTATUSEX</c> (sysinfoapi.h).</summary>
internal static class MemoryStatus
{
    public const int ByteLength = 64;

    public static long? TotalBytes(ReadOnlySpan<byte> answer) => Read(answer, 8);

    public static long? FreeBytes(ReadOnlySpan<byte> answer) => Read(answer, 16);

    private static long? Read(ReadOnlySpan<byte> answer, int at) => answer.Length >= ByteLength ? BinaryPrimitives.ReadInt64LittleEndian(answer[at..]) : null;
}
