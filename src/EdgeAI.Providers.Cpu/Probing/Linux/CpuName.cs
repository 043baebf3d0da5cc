namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>What the CPU calls itself.</summary>
internal static class CpuName
{
    // Arm kernels name no model; the board or the machine is the next best.
    public static string? Read(SystemTree tree) =>
        Clean(tree.ReadField("proc/cpuinfo", "model name"))
        ?? Clean(tree.ReadField("proc/cpuinfo", "cpu model"))
        ?? Clean(tree.ReadText("sys/firmware/devicetree/base/model"))
        ?? Clean(tree.ReadText("sys/class/dmi/id/product_name"))
        ?? Clean(tree.ReadField("proc/cpuinfo", "Hardware"))
        ?? Clean(tree.ReadField("proc/cpuinfo", "Processor"));

    private static string? Clean(string? name) =>
        string.IsNullOrWhiteSpace(name) ? null : string.Join(' ', name.Split((char[])[' ', '\t', '\0', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
