namespace EdgeAI.Samples.Neuromorphic;

/// <summary>Synaptic operations that happened, and that would have happened had every activation been an event.</summary>
internal readonly record struct EventCount(long Operations, long Possible)
{
    public static EventCount operator +(EventCount left, EventCount right) => new(left.Operations + right.Operations, left.Possible + right.Possible);
}
