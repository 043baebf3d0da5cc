using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAI.Providers.Cuda.Interop;

// Layouts: nvml.h of the CUDA toolkit (NVML 13), structures of the same names. Their sizes are part of the version numbers below.

/// <summary><c>nvmlMemory_t</c>: bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlMemory
{
    public ulong Total;
    public ulong Free;
    public ulong Used;
}

/// <summary><c>nvmlMemory_v2_t</c>: bytes; four bytes of padding follow the version.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlMemoryV2
{
    public uint Version;
    public ulong Total;
    public ulong Reserved;
    public ulong Free;
    public ulong Used;
}

/// <summary><c>nvmlUtilization_t</c>: percent of the last sample period. A share of time, not of the multiprocessors.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlUtilization
{
    public uint Gpu;
    public uint Memory;
}

/// <summary><c>nvmlTemperature_v1_t</c>: degrees Celsius.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NvmlTemperature
{
    public uint Version;
    public uint Sensor;
    public int Celsius;
}

/// <summary><c>nvmlPciInfo_t</c>: the legacy identifier, five numbers, the identifier with its full domain.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NvmlPciInfo
{
    private const int LegacyLength = 16, Length = 32;

    private fixed byte _busIdLegacy[LegacyLength];
    public uint Domain;
    public uint Bus;
    public uint Device;
    public uint PciDeviceId;
    public uint PciSubsystemId;
    private fixed byte _busId[Length];

    /// <summary>Such as <c>0000:01:00.0</c>.</summary>
    public readonly string BusIdLegacy
    {
        get
        {
            fixed (byte* first = _busIdLegacy) return Read(first, LegacyLength);
        }
    }

    /// <summary>Such as <c>00000000:01:00.0</c>.</summary>
    public readonly string BusId
    {
        get
        {
            fixed (byte* first = _busId) return Read(first, Length);
        }
    }

    private static string Read(byte* first, int room)
    {
        var bytes = new ReadOnlySpan<byte>(first, room);
        var end = bytes.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
