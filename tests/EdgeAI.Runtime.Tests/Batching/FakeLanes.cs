namespace EdgeAI.Batching;

/// <summary>Lanes of which only the identity counts.</summary>
internal sealed class FakeLanes : IRunLanes
{
    public bool IsRetired { get; set; }
}
