namespace EdgeAI.Providers.Cpu.Probing.MacOS;
internal sealed class MacCpu : ICpuSystem
{
    public static ICpuSystem Read() => new MacCpu();
    public CpuReading Reading => CpuReading.Unknown;
    public long? ReadFreeMemory() => null;
    public CpuState ReadState() => default;
}
