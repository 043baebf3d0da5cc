namespace EdgeAI.Generation.Tests;

/// <summary>
/// A decoder whose logits are a hash of all tokens in the slot up to the place that is computed: a row that was mixed up, moved wrongly or not computed changes the tokens that follow.
/// </summary>
internal sealed class HistoryDecoder : IDecoder
{
    private const int Empty = -1;

    private readonly int[][] _rows;
    private readonly float[] _logits;

    public HistoryDecoder(int slots, int capacity, int vocabulary = 50, int maxChunk = 8, int maxLogits = 4)
    {
        SlotCount = slots;
        Capacity = capacity;
        VocabularySize = vocabulary;
        MaxChunk = maxChunk;
        MaxLogits = maxLogits;
        _rows = [.. Enumerable.Range(0, slots).Select(_ => Enumerable.Repeat(Empty, capacity).ToArray())];
        _logits = new float[Math.Max(slots, maxLogits) * vocabulary];
    }

    public int SlotCount { get; }

    public int Capacity { get; }

    public int VocabularySize { get; }

    public int MaxChunk { get; }

    public int MaxLogits { get; }

    public long RowBytes => sizeof(int);

    /// <summary>Each run: the kind, its first slot, and how many tokens or slots.</summary>
    public List<(string Kind, int Slot, int Count)> Runs { get; } = [];

    /// <summary>Called before each run; may throw.</summary>
    public Action<string, int, int>? Running { get; set; }

    public bool IsRecording { get; set; } = true;

    public bool IsDisposed { get; private set; }

    public Span<float> Prefill(int slot, int start, scoped ReadOnlySpan<int> tokens, int logitsCount, CancellationToken cancellationToken = default)
    {
        Assert.IsTrue(tokens.Length >= 1 && tokens.Length <= MaxChunk && logitsCount <= Math.Min(MaxLogits, tokens.Length));
        Note("prefill", slot, tokens.Length);
        cancellationToken.ThrowIfCancellationRequested();
        tokens.CopyTo(_rows[slot].AsSpan(start));
        for (var i = 0; i < logitsCount; i++) Fill(i, slot, start + tokens.Length - logitsCount + i);
        return _logits.AsSpan(0, logitsCount * VocabularySize);
    }

    public Span<float> Decode(int firstSlot, scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> places)
    {
        Note("decode", firstSlot, tokens.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            _rows[firstSlot + i][places[i]] = tokens[i];
            Fill(i, firstSlot + i, places[i]);
        }

        return _logits.AsSpan(0, tokens.Length * VocabularySize);
    }

    public void CopyRows(int fromSlot, int toSlot, int rows)
    {
        Assert.AreNotEqual(fromSlot, toSlot);
        Note("copy", toSlot, rows);
        _rows[fromSlot].AsSpan(0, rows).CopyTo(_rows[toSlot]);
        _rows[toSlot].AsSpan(rows).Fill(Empty);
    }

    public unsafe void Export(int slot, int rows, DeviceBuffer destination)
    {
        Note("export", slot, rows);
        _rows[slot].AsSpan(0, rows).CopyTo(new Span<int>((void*)destination.Address, rows));
    }

    public unsafe void Import(int slot, int rows, DeviceBuffer source, int sourceRows)
    {
        Note("import", slot, rows);
        Assert.IsTrue(rows <= sourceRows);
        new Span<int>((void*)source.Address, rows).CopyTo(_rows[slot]);
        _rows[slot].AsSpan(rows).Fill(Empty);
    }

    public void Dispose() => IsDisposed = true;

    /// <summary>The tokens that greedy decoding gives, computed from the definition alone.</summary>
    public static int[] Expected(ReadOnlySpan<int> prompt, int count, int vocabulary = 50)
    {
        var tokens = new List<int>(prompt.ToArray());
        var logits = new float[vocabulary];
        for (var i = 0; i < count; i++)
        {
            Hash(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(tokens), logits);
            tokens.Add(Array.IndexOf(logits, logits.Max()));
        }

        return [.. tokens.Skip(prompt.Length)];
    }

    private static void Hash(ReadOnlySpan<int> tokens, Span<float> logits)
    {
        var hash = 14695981039346656037UL;
        foreach (var token in tokens) hash = (hash ^ (uint)token) * 1099511628211UL;
        for (var i = 0; i < logits.Length; i++)
        {
            hash ^= hash >> 33;
            hash *= 0xff51afd7ed558ccdUL;
            logits[i] = (hash >> 40) / (float)(1 << 24);
        }
    }

    private void Fill(int row, int slot, int place)
    {
        var history = _rows[slot].AsSpan(0, place + 1);
        Assert.IsFalse(history.Contains(Empty), $"slot {slot} has rows before place {place} that were never computed");
        Hash(history, _logits.AsSpan(row * VocabularySize, VocabularySize));
    }

    private void Note(string kind, int slot, int count)
    {
        Running?.Invoke(kind, slot, count);
        if (IsRecording) Runs.Add((kind, slot, count));
    }
}
