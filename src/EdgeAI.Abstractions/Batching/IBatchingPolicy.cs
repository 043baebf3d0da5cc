namespace EdgeAI;

/// <summary>
/// Decides, when a lane is free and requests wait, how many rows it runs now or how long it waits for more. Called under the model's lock for each
/// run: it must be quick, must not block and must not keep the state. Register one with <c>AddBatchingPolicy</c> and name it in <see cref="ModelOptions.BatchingPolicy"/>.
/// </summary>
public interface IBatchingPolicy
{
    /// <summary>Its name, as used in options.</summary>
    string Name { get; }

    /// <summary>The decision. Not called where there is nothing to decide: no request, or one that may not share a run.</summary>
    /// <param name="state">What waits and what is expected; valid during the call.</param>
    BatchDecision Decide(BatchingState state);
}
