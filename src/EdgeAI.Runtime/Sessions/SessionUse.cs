namespace EdgeAI.Sessions;

/// <summary>Keeps sessions as they are until it is disposed, on the same thread.</summary>
internal readonly ref struct SessionUse
{
    private readonly LaneSessions _sessions;

    /// <exception cref="DeviceFaultException">They are closed.</exception>
    public SessionUse(LaneSessions sessions)
    {
        _sessions = sessions;
        sessions.Enter();
    }

    public void Dispose() => _sessions.Leave();
}
