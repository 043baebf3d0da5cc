namespace EdgeAI.Generation;

/// <summary>
/// Enumerates a sequence's tokens, and makes text of them on the reader's own thread. A token is handed out at once, except one whose text is not certain yet: that waits for the next
/// token or the end, so that the last one has all that is left. Leaving early gives the sequence up.
/// </summary>
internal sealed class SequenceReader : IAsyncEnumerator<GeneratedToken>
{
    private readonly GenerationSequence _sequence;
    private readonly ISequenceHost _host;
    private readonly AnswerText? _text;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private GeneratedToken? _held;
    private TokenEntry? _next;
    private bool _isSubmitted;
    private bool _isEnded;

    public SequenceReader(GenerationSequence sequence, ISequenceHost host, CancellationToken cancellationToken)
    {
        _sequence = sequence;
        _host = host;
        _text = host.CreateText(sequence.Options);
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

        if (_next is { } next)
        {
            _next = null;
            if (Take(next)) return true;
        }

        while (true)
        {
            if (_sequence.Pipe.TryRead(out var entry, out var isCompleted, out var error))
            {
                if (_held is null)
                {
                    if (Take(entry)) return true;
                    continue;
                }

                (Current, _held, _next) = (_held, null, entry);
                return true;
            }

            if (isCompleted)
            {
                if (_held is { } last)
                {
                    Current = last with { Text = string.Concat(last.Text, _text!.Complete()) };
                    _held = null;
                    return true;
                }

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

    /// <returns>Whether it can be handed out now.</returns>
    private bool Take(in TokenEntry entry)
    {
        var text = _text is null ? "" : _text.Append(entry.Id).ToString();
        var token = new GeneratedToken(entry.Id, text, entry.LogProbability, entry.TopLogProbabilities);
        if (_text is { IsPending: true })
        {
            _held = token;
            return false;
        }

        Current = token;
        return true;
    }

    private void Cancel()
    {
        if (_isSubmitted && _sequence.State != SequenceState.Ended) _host.Cancel(_sequence);
    }
}
