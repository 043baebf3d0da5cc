using EdgeAI.Devices;

namespace EdgeAI.Testing.Tests.Conformance.Flaws;

internal sealed class FlawedMemory(IDeviceMemory sound, Flaw flaw) : IDeviceMemory
{
    private readonly DeviceBuffer _shared = sound.Allocate(1 << 21);

    public nuint Alignment => flaw == Flaw.Misaligned ? (nuint)1 << 40 : sound.Alignment;

    public bool IsHostAccessible => flaw != Flaw.ClaimsDeviceMemory && sound.IsHostAccessible;

    public DeviceBuffer Allocate(nuint byteLength)
    {
        if (flaw == Flaw.ShortBlocks && byteLength > 100) return sound.Allocate(byteLength - 1);
        if (flaw == Flaw.NeverOutOfMemory && byteLength > (nuint)1 << 40) return sound.Allocate(1);
        if (flaw == Flaw.KeepsBlocks)
        {
            var kept = sound.Allocate(byteLength);
            kept.Retain();
            return kept;
        }

        return flaw == Flaw.OverlappingBlocks ? new SharedBlock(_shared, byteLength) : sound.Allocate(byteLength);
    }

    public ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default)
    {
        if (flaw == Flaw.CopiesNothing) return ValueTask.CompletedTask;
        if (flaw == Flaw.CopiesMismatched && from.ElementCount != to.ElementCount) return ValueTask.CompletedTask;
        return sound.CopyAsync(from, to, cancellationToken);
    }

    private sealed class SharedBlock(DeviceBuffer block, nuint byteLength) : DeviceBuffer(byteLength, isHostAccessible: true)
    {
        public override nint Address => block.Address;

        protected override void Free()
        {
        }
    }
}
