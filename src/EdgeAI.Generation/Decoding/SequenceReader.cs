namespace EdgeAI.Generation;

/// <summary>Enumerates a sequence's tokens. Leaving early gives the sequence up.</summary>
internal sealed class SequenceReader : IAsyncEnumerator<GeneratedToken>
{
    private readonly GenerationSequence _sequence;
    private readonly ISequenceHost _host;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private bool _isSubmitted;
    private bool _isEnded;

    public SequenceReader(GenerationSequence sequence, ISequenceHost host, CancellationToken cancellationToken)
    {
        _sequence = sequence;
        _host = host;
        _cancellationToken = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static state => ((SequenceReader)state!).Cancel(), this);
    }

    public GeneratedToken Current { get; private set; } = null!;

    public async ValueTask<bool> MoveNextAsync()
    {
        if (_isEnded) return false;
        _cancellationToken.ThrowIfCancellationRequested();
        if (!_isSubmitted)
        {
            _isSubmitted = true;
            _host.Submit(_sequence);
        }

        while (true)
        {
            if (_sequence.Pipe.TryRead(out var entry, out var isCompleted, out var error))
            {
                Current = new GeneratedToken(entry.Id, "", entry.LogProbability, entry.TopLogProbabilities);
                return true;
            }

            if (isCompleted)
            {
                _isEnded = true;
                if (error is not null) throw error;
                _cancellationToken.ThrowIfCancellationRequested();
                return false;
            }

            await _sequence.Pipe.WaitAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _registration.DisposeAsync().ConfigureAwait(false);
        if (!_isEnded) Cancel();
        _isEnded = true;
        _sequence.Pipe.Close();
    }

    private void Cancel()
    {
        if (_sequence.State != SequenceState.Ended) _host.Cancel(_sequence);
    }
}
