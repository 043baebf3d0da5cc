namespace EdgeAI.Generation;

/// <summary>Counts what has been written, tells the caller, and ends the build where it was cancelled. Used by one thread at a time.</summary>
internal sealed class BuildTracker(IProgress<ModelBuildProgress>? progress, CancellationToken cancellationToken)
{
    private long _done;
    private long _reported;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Elements to be written altogether.</summary>
    public long Total { get; private set; }

    /// <summary>Announces elements; all of them before the first is written.</summary>
    public void Expect(long elements) => Total += elements;

    /// <summary>Notes that so many elements more have been written.</summary>
    public void Advance(long elements)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _done += elements;

        // A report for each thousandth is enough for any display.
        if (progress is null || (_done - _reported < Total / 1000 && _done < Total)) return;
        _reported = _done;
        progress.Report(new ModelBuildProgress(_done, Total));
    }
}
