namespace EdgeAI.Testing;

/// <summary>How the simulation itself sees a block that the host may not touch. The block outlives the view.</summary>
internal sealed class HostView(DeviceBuffer block) : DeviceBuffer(block.ByteLength, isHostAccessible: true)
{
    public override nint Address { get; } = block.Address;

    protected override void Free()
    {
    }
}
