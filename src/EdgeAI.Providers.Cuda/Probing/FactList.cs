using System.Globalization;
using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Probing;

/// <summary>Collects what was asked and what came back: an unknown value keeps the place where it was looked for, and why there is none.</summary>
internal sealed class FactList
{
    private readonly List<DeviceFact> _facts = [];

    public IReadOnlyList<DeviceFact> Facts => _facts;

    public void Add(string name, string? value, string source) => _facts.Add(new DeviceFact(name, value, source));

    public void AddCuda<T>(string name, Answer<T> answer, string source, Func<T, string?> format) =>
        Add(name, answer.IsOk ? format(answer.Value!) : null, answer.IsOk ? source : $"{source}: {CudaResult.Describe(answer.Code)}");

    /// <summary>An attribute that is a number; 0 where that means "unknown".</summary>
    public void AddCuda(string name, Answer<int> answer, CudaAttribute attribute, string unit, double scale = 1) =>
        AddCuda(name, answer, Source(attribute), value => value > 0 ? string.Create(CultureInfo.InvariantCulture, $"{value * scale:0.##}{unit}") : null);

    public void AddFlag(string name, Answer<int> answer, CudaAttribute attribute) => AddCuda(name, answer, Source(attribute), value => value != 0 ? "yes" : "no");

    public void AddNvml<T>(string name, Answer<T>? answer, string source, Func<T, string?> format)
    {
        if (answer is not { } known) Add(name, null, "NVML, which is not here");
        else Add(name, known.IsOk ? format(known.Value!) : null, known.IsOk ? source : $"{source}: {NvmlResult.Describe(known.Code)}");
    }

    private static string Source(CudaAttribute attribute) => string.Create(CultureInfo.InvariantCulture, $"cuDeviceGetAttribute({(int)attribute})");
}
