namespace EdgeAI.Batching;

/// <summary>Lanes that runs cost the same on; compared by reference.</summary>
internal interface IRunLanes
{
    /// <summary>Whether they get no more work: what their runs cost need not be remembered.</summary>
    bool IsRetired { get; }
}
