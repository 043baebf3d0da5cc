namespace EdgeAI.Sessions;

/// <summary>A stacked run has answered another number of rows than it was given: its requests are run one by one instead. Never leaves a lane.</summary>
internal sealed class BatchLengthException(string output, long actual, long expected) : Exception($"output '{output}' has {actual} rows instead of {expected}")
{
    public string Output { get; } = output;

    public long Actual { get; } = actual;

    public long Expected { get; } = expected;
}
