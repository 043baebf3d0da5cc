using EdgeAI.Devices;

namespace EdgeAI.Testing.Tests.Conformance.Flaws;

// CA1001: whoever creates a binding owns it.
#pragma warning disable CA1001

internal sealed class FlawedSession(IDeviceSession sound, ModelDescriptor model, Flaw flaw) : IDeviceSession
{
    private readonly TensorValue?[] _sharedInputs = new TensorValue?[sound.Signature.Inputs.Count];

    private ISessionBinding? _only;

    public ModelSignature Signature => flaw == Flaw.RenamedOutputs
        ? new ModelSignature(sound.Signature.Inputs, [.. sound.Signature.Outputs.Select(output => new TensorSpec("renamed", output.ElementType, output.Lengths, output.LengthNames))])
        : sound.Signature;

    public IDeviceMemory Memory { get; } = new FlawedMemory(sound.Memory, flaw);

    public int MaxConcurrentRuns => flaw == Flaw.NoConcurrency ? 0 : sound.MaxConcurrentRuns;

    public ISessionBinding CreateBinding()
    {
        if (flaw == Flaw.UsesDescriptorLater) ObjectDisposedException.ThrowIf(model.IsFreed, model);
        if (flaw == Flaw.OneBindingForAll) return _only ??= sound.CreateBinding();
        return new FlawedBinding(sound.CreateBinding(), sound.Signature, _sharedInputs, flaw);
    }

    public ValueTask DisposeAsync() => flaw == Flaw.BindsWhenDisposed ? ValueTask.CompletedTask : sound.DisposeAsync();
}
