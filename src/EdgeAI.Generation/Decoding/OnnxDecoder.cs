using EdgeAI.Devices;

namespace EdgeAI.Generation;

/// <summary>
/// A decoder that a device's session runs. All tensors are allocated once; runs see views of them. The attention mask always spans the whole capacity: only how many of
/// its elements are set matters to the model, and so its shape never changes.
/// </summary>
/// <remarks>Group query attention takes a batch of sequences of different lengths for one token each; for several tokens after others it takes one sequence.</remarks>
internal sealed class OnnxDecoder : IDecoder
{
    private readonly DecoderLayout _layout;
    private readonly IDeviceSession _session;
    private readonly KeyValueCache _cache;
    private readonly DecoderWindow?[,] _windows;
    private readonly DecoderBuffers _buffers;

    /// <summary>Takes over the session, which it disposes.</summary>
    /// <exception cref="NotSupportedException">The session's memory is not the host's.</exception>
    public OnnxDecoder(IDeviceSession session, DecoderConfiguration configuration, DecoderLayout layout, int slots, int capacity, int maxChunk, int maxLogits)
    {
        if (!session.Memory.IsHostAccessible) throw new NotSupportedException("The decoder's cache must lie in memory that the CPU can read; choose a CPU.");
        _session = session;
        _layout = layout;
        SlotCount = slots;
        Capacity = capacity;
        VocabularySize = configuration.VocabularySize;
        MaxChunk = maxChunk;
        MaxLogits = layout.LogitCount is not null ? maxLogits : layout.HasLogitsOfLastOnly ? 1 : maxChunk;
        _windows = new DecoderWindow?[slots, slots + 1];
        _buffers = new DecoderBuffers(slots, capacity, maxChunk, Math.Max(slots, MaxLogits), VocabularySize, layout.LogitsType);
        try
        {
            _cache = new KeyValueCache(session.Memory, configuration, layout.CacheType, slots, capacity);
        }
        catch
        {
            _buffers.Dispose();
            throw;
        }
    }

    public int SlotCount { get; }

    public int Capacity { get; }

    public int VocabularySize { get; }

    public int MaxChunk { get; }

    public int MaxLogits { get; }

    public long RowBytes => _cache.RowBytes;

    public Span<float> Prefill(int slot, int start, scoped ReadOnlySpan<int> tokens, int logitsCount, CancellationToken cancellationToken = default)
    {
        var rows = _layout.LogitCount is not null ? Math.Max(1, logitsCount) : _layout.HasLogitsOfLastOnly ? 1 : tokens.Length;
        _buffers.SetPrompt(tokens, start);
        _buffers.SetFilled(slot, start + tokens.Length);
        var binding = Window(slot, 1).Binding;
        binding.SetInput(_layout.InputIds, _buffers.PromptTokens[tokens.Length]);
        if (_layout.PositionIds is { } positions) binding.SetInput(positions, _buffers.PromptPlaces[tokens.Length]);
        Run(binding, slot, 1, rows, _buffers.PromptLogits[rows], cancellationToken);
        return _buffers.ReadLogits(rows - logitsCount, logitsCount);
    }

    public Span<float> Decode(int firstSlot, scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> places)
    {
        var count = tokens.Length;
        _buffers.SetStep(tokens, places);
        for (var i = 0; i < count; i++) _buffers.SetFilled(firstSlot + i, places[i] + 1);
        var binding = Window(firstSlot, count).Binding;
        binding.SetInput(_layout.InputIds, _buffers.StepTokens[count]);
        if (_layout.PositionIds is { } positions) binding.SetInput(positions, _buffers.StepPlaces[count]);
        Run(binding, firstSlot, count, 1, _buffers.StepLogits[count], default);
        return _buffers.ReadLogits(0, count);
    }

    public void CopyRows(int fromSlot, int toSlot, int rows) => _cache.CopyRows(fromSlot, toSlot, rows);

    public void Export(int slot, int rows, DeviceBuffer destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.ByteLength, (nuint)(rows * RowBytes));
        _cache.Export(slot, rows, destination.Address);
    }

    public void Import(int slot, int rows, DeviceBuffer source, int sourceRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(source.ByteLength, (nuint)(sourceRows * RowBytes));
        _cache.Import(slot, rows, source.Address, sourceRows);
    }

    public void Dispose()
    {
        foreach (var window in _windows) window?.Dispose();
        _cache.Dispose();
        _buffers.Dispose();

        // The worker's thread is there to be blocked, and ONNX Runtime's sessions are disposed synchronously.
        var disposal = _session.DisposeAsync();
        if (disposal.IsCompleted) disposal.GetAwaiter().GetResult();
        else disposal.AsTask().GetAwaiter().GetResult();
    }

    private DecoderWindow Window(int firstSlot, int count) => _windows[firstSlot, count] ??= new DecoderWindow(_session, _layout, _cache, firstSlot, count);

    private void Run(ISessionBinding binding, int firstSlot, int count, int logitsCount, TensorValue logits, CancellationToken cancellationToken)
    {
        binding.SetInput(_layout.AttentionMask, _buffers.Mask(firstSlot, count));
        if (_layout.LogitCount is { } input) binding.SetInput(input, _buffers.LogitCount(logitsCount));
        binding.SetOutput(_layout.Logits, logits);
        var run = binding.RunAsync(cancellationToken);
        if (run.IsCompleted) run.GetAwaiter().GetResult();
        else run.AsTask().GetAwaiter().GetResult();
    }
}
