namespace EdgeAI.Devices;

/// <summary>
/// An optional capability of an <see cref="IDeviceSession"/>, asked for through its <see cref="IServiceProvider"/>: readying the threads that run its
/// bindings, for example by keeping them on the processors that suit the session. A session without it runs on threads as they are.
/// </summary>
public interface IThreadPreparation
{
    /// <summary>
    /// Readies the calling thread for runs of this session, for the rest of the thread's life. Called once on each lane's own thread, before its first run; never on a
    /// thread that others use too. Does nothing where nothing helps. Never throws. Thread-safe.
    /// </summary>
    void PrepareThread();
}
