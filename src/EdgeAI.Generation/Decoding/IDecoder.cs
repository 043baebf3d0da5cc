namespace EdgeAI.Generation;

/// <summary>
/// A decoder with a key-value cache of several slots, each for one sequence: what the engine's decisions are carried out on. The caller keeps account of what each
/// slot holds; nothing is checked here. Used by one thread at a time. A steady call allocates nothing.
/// </summary>
internal interface IDecoder : IDisposable
{
    /// <summary>Sequences that the cache has room for.</summary>
    int SlotCount { get; }

    /// <summary>Tokens that a slot has room for.</summary>
    int Capacity { get; }

    int VocabularySize { get; }

    /// <summary>Most tokens of one <see cref="Prefill"/>.</summary>
    int MaxChunk { get; }

    /// <summary>Most positions of one <see cref="Prefill"/> that get logits.</summary>
    int MaxLogits { get; }

    /// <summary>Bytes that one token takes in the cache.</summary>
    long RowBytes { get; }

    /// <summary>Computes tokens of one slot, at places that follow each other.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="start">The first one's place: the slot's rows before it are filled.</param>
    /// <param name="tokens">1 to <see cref="MaxChunk"/> tokens.</param>
    /// <param name="logitsCount">How many of the last ones need logits, 0 to <see cref="MaxLogits"/>.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>Logits, one row of the vocabulary for each; to be changed at will, valid until the next call.</returns>
    /// <exception cref="OperationCanceledException">The token stopped it; rows from <paramref name="start"/> on are undefined.</exception>
    Span<float> Prefill(int slot, int start, scoped ReadOnlySpan<int> tokens, int logitsCount, CancellationToken cancellationToken = default);

    /// <summary>Computes one token of each of several neighbouring slots.</summary>
    /// <param name="firstSlot">The first slot.</param>
    /// <param name="tokens">A token for each slot.</param>
    /// <param name="places">The token's place in its slot.</param>
    /// <returns>Logits, a row of the vocabulary for each slot; to be changed at will, valid until the next call.</returns>
    Span<float> Decode(int firstSlot, scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> places);

    /// <summary>Copies the first rows of a slot to another.</summary>
    void CopyRows(int fromSlot, int toSlot, int rows);

    /// <summary>Copies the first rows of a slot to memory of <paramref name="rows"/> * <see cref="RowBytes"/> bytes.</summary>
    void Export(int slot, int rows, DeviceBuffer destination);

    /// <summary>Copies the first <paramref name="rows"/> of what <see cref="Export"/> wrote for <paramref name="sourceRows"/> to a slot.</summary>
    void Import(int slot, int rows, DeviceBuffer source, int sourceRows);
}
