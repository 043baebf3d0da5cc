using EdgeAI.Devices;

namespace EdgeAI.Sessions;

/// <summary>A binding that shares its session with lanes: each of its runs waits for its turn, so that the session never runs more at once than it allows. Blocks its caller. Not thread-safe.</summary>
internal sealed class TurnBinding(ISessionBinding binding, SemaphoreSlim turns) : ISessionBinding
{
    public void SetInput(int index, TensorValue value) => binding.SetInput(index, value);

    public void SetOutput(int index, TensorValue? value) => binding.SetOutput(index, value);

    public TensorValue GetOutput(int index) => binding.GetOutput(index);

    public ValueTask RunAsync(CancellationToken cancellationToken = default)
    {
        turns.Wait(cancellationToken);
        try
        {
            LaneThread.Wait(binding.RunAsync(cancellationToken));
            return ValueTask.CompletedTask;
        }
        finally
        {
            turns.Release();
        }
    }

    public void Dispose() => binding.Dispose();
}
