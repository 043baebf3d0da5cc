namespace EdgeAI.Memory;

/// <summary>Somebody who waits for bytes of a budget.</summary>
internal sealed class ReservationWaiter(long bytes, string name) : TaskCompletionSource<MemoryReservation>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public long Bytes => bytes;

    public string Name => name;
}
