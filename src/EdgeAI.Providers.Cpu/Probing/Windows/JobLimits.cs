using System.Buffers.Binary;

namespace EdgeAI.Providers.Cpu.Probing.Windows;

/// <summary>Reads the limits of the process's job: Windows containers are jobs. Layouts of winnt.h, 64-bit.</summary>
internal static class JobLimits
{
    public const int CpuRateClass = 15;
    public const int CpuRateLength = 8;
    public const int ExtendedClass = 9;
    public const int ExtendedLength = 144;

    private const uint RateEnabled = 0x1, RateByWeight = 0x2, RateHardCap = 0x4, RateMinMax = 0x10;
    private const uint LimitsProcessMemory = 0x100, LimitsJobMemory = 0x200;

    /// <summary>The share of the machine's processor time that the job may use at most, 0 to 1; <see langword="null"/> where it is not capped.</summary>
    public static double? ReadCpuShare(ReadOnlySpan<byte> answer)
    {
        if (answer.Length < CpuRateLength) return null;
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(answer);
        if ((flags & RateEnabled) == 0 || (flags & RateByWeight) != 0) return null;

        // Hundredths of a percent; with a minimum and a maximum, the latter is the upper half.
        var rate = (flags & RateMinMax) != 0 ? BinaryPrimitives.ReadUInt16LittleEndian(answer[6..])
            : (flags & RateHardCap) != 0 ? BinaryPrimitives.ReadUInt32LittleEndian(answer[4..]) : 0;
        return rate is > 0 and <= 10_000 ? rate / 10_000.0 : null;
    }

    /// <summary>The most memory that the process or its job may commit, in bytes; <see langword="null"/> where that is not limited.</summary>
    public static long? ReadMemoryBytes(ReadOnlySpan<byte> answer)
    {
        if (answer.Length < ExtendedLength) return null;
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(answer[16..]);
        long? process = (flags & LimitsProcessMemory) != 0 ? BinaryPrimitives.ReadInt64LittleEndian(answer[112..]) : null;
        long? job = (flags & LimitsJobMemory) != 0 ? BinaryPrimitives.ReadInt64LittleEndian(answer[120..]) : null;
        return process is null || job < process ? job : process;
    }
}
