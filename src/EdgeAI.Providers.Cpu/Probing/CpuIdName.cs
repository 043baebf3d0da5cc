using System.Buffers.Binary;
using System.Text;

namespace EdgeAI.Providers.Cpu.Probing;

/// <summary>The brand string of an x86 processor. Source: Intel, Software Developer's Manual, volume 2A, CPUID leaves 80000002H to 80000004H.</summary>
internal static class CpuIdName
{
    private const int First = unchecked((int)0x80000002);
    private const int Leaves = 3;

    /// <summary><see langword="null"/> where the processor has none.</summary>
    public static string? Read(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId)
    {
        if ((uint)cpuId(unchecked((int)0x80000000), 0).Eax < unchecked((uint)First) + Leaves - 1) return null;
        Span<byte> text = stackalloc byte[Leaves * 16];
        for (var i = 0; i < Leaves; i++)
        {
            var (eax, ebx, ecx, edx) = cpuId(First + i, 0);
            BinaryPrimitives.WriteInt32LittleEndian(text[(i * 16)..], eax);
            BinaryPrimitives.WriteInt32LittleEndian(text[((i * 16) + 4)..], ebx);
            BinaryPrimitives.WriteInt32LittleEndian(text[((i * 16) + 8)..], ecx);
            BinaryPrimitives.WriteInt32LittleEndian(text[((i * 16) + 12)..], edx);
        }

        var end = text.IndexOf((byte)0);
        var name = string.Join(' ', Encoding.ASCII.GetString(end < 0 ? text : text[..end]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return name.Length > 0 ? name : null;
    }
}
