namespace EdgeAI.Testing;

/// <summary>When a device is here: at first, and until the script says otherwise. Thread-safe.</summary>
internal sealed class Presence
{
    private readonly Lock _gate = new();
    private readonly List<(TimeSpan At, bool IsHere)> _changes = [];

    /// <summary>From a moment on it is here, or not.</summary>
    public void Change(TimeSpan at, bool isHere)
    {
        lock (_gate)
        {
            // Of two changes for one moment the later made counts.
            var index = _changes.FindLastIndex(change => change.At <= at) + 1;
            _changes.Insert(index, (at, isHere));
        }
    }

    /// <summary>Whether it is here, and how often it has gone: what was opened before it went last is of no use.</summary>
    public (bool IsHere, int Departures) At(TimeSpan now)
    {
        lock (_gate)
        {
            var isHere = true;
            var departures = 0;
            foreach (var change in _changes)
            {
                if (change.At > now) break;
                if (isHere && !change.IsHere) departures++;
                isHere = change.IsHere;
            }

            return (isHere, departures);
        }
    }
}
