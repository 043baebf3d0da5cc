using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeAI.Batching;
using EdgeAI.Configuration;
using EdgeAI.Onnx;
using EdgeAI.Profiling;

namespace EdgeAI.Tuning;

/// <summary>What a measurement of a model holds for.</summary>
internal static class ModelIdentity
{
    /// <summary>The key under which a sweep is kept; <see langword="null"/> for a model whose content is not known. Reads the whole model file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">How it is served.</param>
    /// <param name="device">Where.</param>
    /// <param name="sample">The kind of request.</param>
    /// <param name="layout">How rows are stacked.</param>
    /// <param name="scope">What was measured, where that is not every plan.</param>
    public static CurveKey? KeyOf(ModelDescriptor model, ModelSettings settings, DeviceInfo device, ShapeSample sample, BatchLayout? layout, string scope)
    {
        if (model.GetService<OnnxModelContent>() is not { } content) return null;
        var shapes = string.Create(
            CultureInfo.InvariantCulture,
            $"{sample.Describe(layout)} | goal {settings.Goal} | lanes {settings.Lanes} | threads {settings.ThreadsPerLane} | batch {settings.MaxBatch} | {Join(settings.FreeDimensionOverrides)} | {Join(settings.SessionSettings)}{(scope.Length == 0 ? "" : $" | plans {scope}")}");
        var facts = string.Create(CultureInfo.InvariantCulture, $"{device.Id} | {device.Name} | {device.Parallelism} | {string.Join(' ', device.Features)}");
        var engine = typeof(ModelIdentity).Assembly.GetName().Version;
        return new CurveKey(Hash(content), shapes, facts, $"engine {engine} | {device.Versions}");
    }

    private static string Hash(OnnxModelContent content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(content.GetModelBytes().Span);

        // Weights do not change how long a run takes: the sizes of their files will do.
        foreach (var file in content.ExternalFiles) hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file.Location}:{file.Length};")));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static string Join<T>(IReadOnlyDictionary<string, T> settings) =>
        string.Join(',', settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key}={s.Value}")));
}
