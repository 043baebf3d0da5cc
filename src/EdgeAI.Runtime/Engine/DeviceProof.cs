using System.Collections.Concurrent;
using EdgeAI.Diagnostics;
using EdgeAI.Sessions;
using EdgeAI.Tuning;

namespace EdgeAI.Engine;

/// <summary>
/// Tries the devices of one model with a made-up request. What each has answered while it was well is known from then on: after faults it has to answer the same before it is trusted again, and where
/// the options ask for parity it has to answer as the first device does before it is trusted at all. The requests go through the device's lanes like any other. Thread-safe.
/// </summary>
internal sealed class DeviceProof : IDisposable
{
    private readonly ModelContext _model;
    private readonly ShapeSample _sample;
    private readonly Func<InferenceRequest, Task<InferenceResponse>?> _run;
    private readonly ConcurrentDictionary<string, InferenceResponse> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> _proving = new(StringComparer.Ordinal);

    /// <param name="model">The model.</param>
    /// <param name="run">Runs a request; <see langword="null"/> where the model is closing.</param>
    public DeviceProof(ModelContext model, Func<InferenceRequest, Task<InferenceResponse>?> run)
    {
        _model = model;
        _run = run;
        _sample = ShapeSample.Smallest(model.Descriptor.Signature, model.Settings.ProfileShapes is [var shapes, ..] ? shapes : null, model.Settings.FreeDimensionOverrides);
    }

    /// <summary>Learns what a device answers, if it answers the same twice: a model that draws random numbers has no known answer.</summary>
    public async Task LearnAsync(string deviceId)
    {
        if (_known.ContainsKey(deviceId) || await AskAsync(deviceId).ConfigureAwait(false) is not { } first) return;
        using var second = await AskAsync(deviceId).ConfigureAwait(false);
        if (second is null || FindDifference(first, second, tolerance: null) is not null || !_known.TryAdd(deviceId, first)) first.Dispose();
        else _model.Driver.RequireProof(deviceId);
    }

    /// <summary>Where another device does not answer as the first does; <see langword="null"/> where it does, to the tolerance of the options, or the first has no known answer.</summary>
    public string? FindDisparity(string firstId, string otherId)
    {
        if (!_known.TryGetValue(firstId, out var first)) return null;
        return _known.TryGetValue(otherId, out var other) ? FindDifference(first, other, _model.Settings.ParityTolerance) : "all of them, for it gave none that it repeats";
    }

    /// <summary>Proves a device in the background if it is time to. Returns at once.</summary>
    public void ProveIfDue(string deviceId)
    {
        if (!_known.ContainsKey(deviceId) || !_model.Driver.IsProofDue(deviceId)) return;
        if (_proving.TryGetValue(deviceId, out var proving) && !proving.IsCompleted) return;
        _proving[deviceId] = ProveAsync(deviceId);
    }

    public void Dispose()
    {
        foreach (var answer in _known.Values) answer.Dispose();
    }

    private async Task ProveAsync(string deviceId)
    {
        using var answer = await AskAsync(deviceId).ConfigureAwait(false);
        var difference = answer is null ? null : FindDifference(_known[deviceId], answer, tolerance: null);
        if (difference is not null) Log.DeviceAnswersWrong(_model.Logger, _model.ModelId, deviceId, difference);
        _model.Driver.EndProof(deviceId, isWell: answer is not null && difference is null);
    }

    /// <summary>What the device answers; <see langword="null"/> where it does not, for whatever reason.</summary>
    private async Task<InferenceResponse?> AskAsync(string deviceId)
    {
        var inputs = _sample.Create(layout: null, rows: 1);
        try
        {
            var request = new InferenceRequest
            {
                DeviceId = deviceId,
                Priority = RequestPriority.Low,
                AllowBatching = false,
                OutputNames = [.. _model.TensorOutputs.Select(index => _model.Descriptor.Signature.Outputs[index].Name)],
            };
            for (var i = 0; i < inputs.Length; i++) request[_model.Descriptor.Signature.Inputs[i].Name] = inputs[i];
            return _run(request) is { } running ? await running.ConfigureAwait(false) : null;
        }
        catch (Exception exception) when (exception is EdgeAIException or InvalidInputException or OperationCanceledException)
        {
            // A model may refuse made-up inputs, and a device may still be at fault.
            return null;
        }
        finally
        {
            foreach (var input in inputs) input.Dispose();
        }
    }

    private string? FindDifference(InferenceResponse one, InferenceResponse other, double? tolerance)
    {
        foreach (var index in _model.TensorOutputs)
        {
            var name = _model.Descriptor.Signature.Outputs[index].Name;
            if (!AnswerComparison.Agree(one[name], other[name], tolerance)) return name;
        }

        return null;
    }
}
