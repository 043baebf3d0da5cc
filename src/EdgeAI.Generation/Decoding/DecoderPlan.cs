using System.Globalization;

namespace EdgeAI.Generation;

/// <summary>How large a decoder is made, decided from what the model needs and the machine has. Immutable.</summary>
/// <param name="Capacity">Tokens of a slot.</param>
/// <param name="Slots">Sequences at once.</param>
/// <param name="MaxChunk">Tokens of a prompt in one run.</param>
/// <param name="Threads">Threads of a run.</param>
/// <param name="MemoryBytes">What loading and serving takes.</param>
internal sealed record DecoderPlan(int Capacity, int Slots, int MaxChunk, int Threads, long MemoryBytes)
{
    private const int DefaultCapacity = 4096, DefaultSlots = 8, LargestChunk = 256, SmallestChunk = 32;

    // ONNX Runtime's attention holds a score for each head, token of the chunk and place of the capacity.
    private const long ScoreBytes = 64L << 20;
    private const long LogitBytes = 64L << 20;

    // ONNX Runtime repacks quantised weights into memory of its own: measured 1.2 to 1.5 times their size, while the mapped file can be dropped.
    private const double WeightFactor = 1.4;

    /// <summary>Decides.</summary>
    /// <param name="folder">The model's folder, for messages.</param>
    /// <param name="configuration">The model.</param>
    /// <param name="layout">Its tensors.</param>
    /// <param name="weightBytes">Bytes of its weights.</param>
    /// <param name="options">What the host wants.</param>
    /// <param name="parallelism">Cores of the device; <see langword="null"/> where unknown.</param>
    /// <param name="memory">Bytes that it may take; <see langword="null"/> for no limit. One sequence is planned for even where that takes more.</param>
    /// <exception cref="ModelLoadException">The host wants a longer context than the model has.</exception>
    public static DecoderPlan Create(string folder, DecoderConfiguration configuration, DecoderLayout layout, long weightBytes, TextGeneratorOptions options, int? parallelism, long? memory)
    {
        if (options.ContextLength > configuration.ContextLength)
        {
            throw new ModelLoadException(string.Create(CultureInfo.InvariantCulture, $"TextGeneratorOptions.ContextLength is {options.ContextLength}, and the model was made for {configuration.ContextLength} tokens; ask for no more."), folder);
        }

        var capacity = options.ContextLength ?? Math.Min(configuration.ContextLength, DefaultCapacity);
        var slotBytes = KeyValueCache.BytesPerSlot(configuration, layout.CacheType, capacity);
        var weights = (long)(weightBytes * WeightFactor);
        var left = memory is { } free ? free - weights - options.PrefixCacheBytes : long.MaxValue;
        var slots = options.MaxSequences ?? (int)Math.Clamp(left / slotBytes, 1, DefaultSlots);
        var chunk = (int)Math.Clamp(ScoreBytes / (sizeof(float) * (long)configuration.AttentionHeads * capacity), SmallestChunk, LargestChunk);
        chunk = chunk / SmallestChunk * SmallestChunk;

        // A model without a choice gives the logits of all positions.
        if (layout is { LogitCount: null, HasLogitsOfLastOnly: false }) chunk = (int)Math.Clamp(LogitBytes / (sizeof(float) * (long)configuration.VocabularySize), 1, chunk);
        return new DecoderPlan(
            capacity,
            slots,
            Math.Min(chunk, capacity),
            options.Threads ?? parallelism ?? 1,
            weights + (slots * slotBytes) + options.PrefixCacheBytes);
    }
}
