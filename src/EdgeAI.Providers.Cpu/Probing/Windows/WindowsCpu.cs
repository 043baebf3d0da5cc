namespace EdgeAI.Providers.Cpu.Probing.Windows;
internal sealed class WindowsCpu : ICpuSystem
{
    public static ICpuSystem Read() => new WindowsCpu();
    public CpuReading Reading => CpuReading.Unknown;
    public long? ReadFreeMemory() => null;
    public CpuState ReadState() => default;
}
