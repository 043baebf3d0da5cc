using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Values of integer attributes that native kernels are known to divide by, allocate or index with, unchecked.</summary>
internal static class AttributeLimits
{
    private static readonly Dictionary<(string OpType, string Attribute), (long Min, long Max)> _limits = new()
    {
        [("Conv", "group")] = (1, int.MaxValue),
    };

    /// <summary>The first attribute out of its range, as the end of a sentence; <see langword="null"/> where there is none.</summary>
    public static string? FindProblem(OnnxNode node)
    {
        foreach (var attribute in node.Attributes)
        {
            if (!_limits.TryGetValue((node.OpType, attribute.Name), out var limit) || attribute.ReferenceName is not null) continue;
            foreach (var value in IntegersOf(attribute))
            {
                if (value < limit.Min || value > limit.Max) return $"{attribute.Name} = {value}; expected {limit.Min} to {limit.Max}";
            }
        }

        return null;
    }

    private static ImmutableArray<long> IntegersOf(OnnxAttribute attribute) => attribute.Type switch
    {
        OnnxAttributeType.Int => [attribute.AsInt()],
        OnnxAttributeType.Ints => attribute.AsInts(),
        _ => [],
    };
}
