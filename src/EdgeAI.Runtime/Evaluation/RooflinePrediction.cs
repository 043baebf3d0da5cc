using System.Globalization;
using EdgeAI.Onnx;

namespace EdgeAI.Evaluation;

/// <summary>
/// Predicts a model's latency by the roofline of its nodes: each takes as long as the slower of its arithmetic and its memory, and a fixed cost; then come the fixed cost of
/// a run and the copies of inputs and outputs. Nodes that follow a product are computed with it and cost nothing of their own. Pure.
/// </summary>
internal static class RooflinePrediction
{
    // What the figures of a profile differ by from one measurement to the next, at best.
    private const double Noise = 0.1;

    /// <summary>
    /// The factor, either way, within which nine of ten models lie. From what predictions were off by: of 18 medians, of seven models in three runs on a processor, ln(predicted / measured) has a root mean square of 0.21;
    /// a model that was not among them is within 1.74 times that in 90 % (Student's t, 17 degrees of freedom), which is a factor of 1.43. Rounded up, for devices of other kinds. In a fourth run all of 14 were within it.
    /// </summary>
    public const double Spread = 1.5;

    // Runtimes drop these, or they only exist to be looked at.
    private static readonly HashSet<string> _dropped = new(StringComparer.Ordinal) { "Identity", "Dropout" };

    /// <summary>Predicts one run.</summary>
    /// <param name="cost">The model for the lengths asked about.</param>
    /// <param name="profile">The device's measurements.</param>
    /// <param name="device">The device.</param>
    public static LatencyPrediction Predict(ModelCost cost, DeviceProfile profile, DeviceInfo device)
    {
        var rates = new DeviceRates(profile);
        if (!rates.AreUsable) return LatencyPrediction.None("the device's profile has no matrix product or no bandwidth");
        var times = new NodeTimes(rates, cost.WeightBytes);
        var plain = profile.NodeOverhead?.TotalSeconds ?? 0;
        double CostOf(string name) => Math.Max(plain, profile.NodeOverheads.FirstOrDefault(node => node.Operator == name)?.Cost.TotalSeconds ?? 0);
        var (slice, branch) = (CostOf("Slice"), CostOf("If"));
        var (expected, lower, upper, compute, memory, fixedCost) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        foreach (var node in cost.Nodes)
        {
            var time = times.Of(node);
            var perNode = node.Family == OperatorFamily.Control ? branch : node.Family == OperatorFamily.Movement && !node.IsView ? slice : plain;
            upper += time.Sequential + perNode;
            if (node.FollowsProduct || _dropped.Contains(node.OpType)) continue;
            expected += time.Overlapped + perNode;
            fixedCost += perNode;
            if (time.Compute >= time.Memory) compute += time.Overlapped;
            else memory += time.Overlapped;
            if (node.Family is not (OperatorFamily.Elementwise or OperatorFamily.Movement or OperatorFamily.Normalization)) lower += time.Overlapped;
        }

        var around = (profile.RunOverhead?.TotalSeconds ?? 0) + Transfer(cost, profile, device);
        return new LatencyPrediction(
            TimeSpan.FromSeconds(expected + around),
            TimeSpan.FromSeconds(Math.Min((lower + around) * (1 - Noise), (expected + around) / Spread)),
            cost.IsComplete ? TimeSpan.FromSeconds(Math.Max((upper + around) * (1 + Noise), (expected + around) * Spread)) : null,
            Describe(compute, memory, fixedCost + around),
            [.. cost.Notes, .. cost.Unknown, .. Unmeasured(cost, rates)]);
    }

    private static double Transfer(ModelCost cost, DeviceProfile profile, DeviceInfo device)
    {
        if (device.HasUnifiedMemory == true || profile.TransferBandwidth is not { } bandwidth) return 0;
        return (2 * (profile.TransferOverhead?.TotalSeconds ?? 0)) + ((cost.InputBytes + cost.OutputBytes) / bandwidth);
    }

    private static string Describe(double compute, double memory, double rest)
    {
        var total = compute + memory + rest;
        var share = total == 0 ? 0 : Math.Max(compute, Math.Max(memory, rest)) / total;
        var what = compute >= memory && compute >= rest ? "arithmetic" : memory >= rest ? "memory traffic" : "the fixed costs of nodes, runs and copies";
        return string.Create(CultureInfo.InvariantCulture, $"{share:P0} of it {what}");
    }

    private static IEnumerable<string> Unmeasured(ModelCost cost, DeviceRates rates) => cost.Nodes
        .Where(node => node.Family is OperatorFamily.MatrixProduct or OperatorFamily.Convolution && !rates.Knows(node.ElementType))
        .Select(node => node.ElementType).Distinct()
        .Select(type => $"products of {type.ToName()} weights were not measured and count as float32");
}
