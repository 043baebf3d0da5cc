using System.Runtime.CompilerServices;
using EdgeAI.Onnx;

namespace EdgeAI.Evaluation;

/// <summary>Predicts with the costs of models that it has counted already. Thread-safe.</summary>
internal sealed class LatencyPredictor : ILatencyPredictor
{
    // More sets of lengths than that are counted anew: who asks about every length cannot make it hold them all.
    private const int MostCosts = 64;

    private readonly ConditionalWeakTable<ModelDescriptor, Dictionary<string, ModelCost>> _costs = [];

    public LatencyPrediction Predict(ModelDescriptor model, IReadOnlyDictionary<string, nint[]>? inputLengths, DeviceSnapshot device)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(device);
        if (device.Profile is not { } profile) return LatencyPrediction.None("the device has not been measured");
        return CostOf(model, inputLengths) is { } cost ? RooflinePrediction.Predict(cost, profile, device.Info) : LatencyPrediction.None("the model's graph is not known");
    }

    /// <summary>What the model computes and moves for these lengths; <see langword="null"/> for a model whose graph is not known.</summary>
    private ModelCost? CostOf(ModelDescriptor model, IReadOnlyDictionary<string, nint[]>? inputLengths)
    {
        if (model.GetService<OnnxModel>() is not { } graph) return null;
        var key = inputLengths is null ? "" : string.Join(';', inputLengths.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={TensorShape.Format(pair.Value)}"));
        var costs = _costs.GetOrCreateValue(model);
        lock (costs)
        {
            if (costs.TryGetValue(key, out var known)) return known;
        }

        var cost = ModelCost.Estimate(graph, inputLengths);
        lock (costs)
        {
            if (costs.Count >= MostCosts) costs.Clear();
            costs[key] = cost;
        }

        return cost;
    }
}
