namespace EdgeAI.Sessions;

/// <summary>What may be done on a lane's thread and nowhere else: it is there to be blocked.</summary>
internal static class LaneThread
{
    /// <summary>Waits for a device's work, which often has completed already.</summary>
    public static void Wait(ValueTask work)
    {
        if (work.IsCompleted) work.GetAwaiter().GetResult();
        else work.AsTask().GetAwaiter().GetResult();
    }
}
