using System.Threading.Channels;

namespace EdgeAI.Generation;

/// <summary>
/// Writes conversations to disk on a thread of the pool, so that the decoding worker never waits for one. What comes faster than it can be written is left for <see cref="Close"/>. Called by one
/// thread.
/// </summary>
internal sealed class ConversationKeeper
{
    // Rows that wait to be written are held in memory although their entry may have gone.
    private const int MostWaiting = 2;

    private readonly ConversationFolder _folder;
    private readonly Action<string> _notKept;
    private readonly Channel<(PrefixEntry Entry, bool IsNew)> _waiting = Channel.CreateBounded<(PrefixEntry Entry, bool IsNew)>(MostWaiting);
    private readonly Task _writing;
    private bool _hasFailed;

    /// <param name="folder">Where they are kept.</param>
    /// <param name="notKept">Told why one could not be kept, the first time.</param>
    public ConversationKeeper(ConversationFolder folder, Action<string> notKept)
    {
        _folder = folder;
        _notKept = notKept;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Keeps an entry; those that it continues then go.</summary>
    public void Keep(PrefixEntry entry)
    {
        entry.Rows.Retain();
        if (!_waiting.Writer.TryWrite((entry, IsNew: true))) entry.Rows.Release();
    }

    /// <summary>Notes that an entry was used.</summary>
    public void Touch(PrefixEntry entry)
    {
        if (entry.IsOnDisk) _waiting.Writer.TryWrite((entry, IsNew: false));
    }

    /// <summary>Waits for what is being written, and writes what is not on disk yet. Nothing is kept afterwards.</summary>
    /// <param name="entries">What there is, those used last at the end.</param>
    public void Close(IEnumerable<PrefixEntry> entries)
    {
        if (!_waiting.Writer.TryComplete()) return;

        // The worker's thread is there to be blocked.
        _writing.GetAwaiter().GetResult();
        foreach (var entry in entries.Where(entry => !entry.IsPinned && !entry.IsOnDisk)) Write(entry);
    }

    private async Task WriteAsync()
    {
        await foreach (var (entry, isNew) in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (!isNew)
            {
                _folder.Touch(entry.Tokens);
                continue;
            }

            Write(entry);
            entry.Rows.Release();
        }
    }

    private void Write(PrefixEntry entry)
    {
        try
        {
            _folder.Write(entry.TokenMemory, entry.Rows);
            entry.IsOnDisk = true;
            foreach (var tokens in entry.Superseded) _folder.Delete(tokens.Span);
        }
        catch (Exception e)
        {
            // Whatever it was, the conversation is only computed again.
            if (!_hasFailed) _notKept(e.Message);
            _hasFailed = true;
        }
    }
}
