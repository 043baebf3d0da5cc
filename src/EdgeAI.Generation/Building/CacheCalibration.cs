using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;

namespace EdgeAI.Generation;

/// <summary>Measures what the keys and values of a built model reach, by running it with a cache of floats.</summary>
/// <param name="config">The model.</param>
/// <param name="beginOfSequence">Begins every sequence: its keys are often the largest of all. <see langword="null"/> where there is none.</param>
/// <param name="textFile">What the model reads; <see langword="null"/> for what is built in.</param>
internal sealed class CacheCalibration(DecoderConfig config, int? beginOfSequence, string? textFile)
{
    private const int SequenceTokens = 256, ChunkTokens = 64;

    /// <summary>Runs the model in a folder.</summary>
    /// <exception cref="ModelLoadException">ONNX Runtime refuses the model, its keys or values are no numbers, or there is a text but no tokenizer.</exception>
    /// <exception cref="NoCompatibleDeviceException">ONNX Runtime's native library is missing or of another version.</exception>
    /// <exception cref="IOException">The text cannot be read.</exception>
    public async Task<CacheScales> MeasureAsync(string folder, int threads, CancellationToken cancellationToken)
    {
        using var model = DecoderFolder.Open(folder);
        var length = Math.Min(SequenceTokens, config.ContextLength);
        var tokens = new CalibrationTokens(model.Tokenizer, model.Configuration.VocabularySize, beginOfSequence, length);
        var texts = textFile is not null ? tokens.OfFile(textFile) : tokens.OfBuiltInText();
        var (options, setup) = (new DeviceSessionOptions { Threads = threads }, new OnnxSessionSetup { DeviceId = "cpu:0" });
        var session = await OnnxSessionFactory.OpenAsync(model.Model, options, setup, cancellationToken).ConfigureAwait(false);
        OnnxDecoder decoder;
        try
        {
            decoder = new OnnxDecoder(session, model.Configuration, model.Layout, slots: 1, capacity: length, maxChunk: Math.Min(ChunkTokens, length), maxLogits: 1);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        using (decoder) return Measure(decoder, texts, tokens, cancellationToken);
    }

    private CacheScales Measure(OnnxDecoder decoder, IReadOnlyList<int[]> texts, CalibrationTokens tokens, CancellationToken cancellationToken)
    {
        var ranges = new CacheRanges(config.LayerCount, config.KeyValueHeadCount, config.Heads);
        using var rows = new NativeBuffer((nuint)(decoder.Capacity * decoder.RowBytes));
        try
        {
            foreach (var text in texts) Run(text);
            if (texts.Count == 0) tokens.Generate(decoder, Take, cancellationToken);
            foreach (var sequence in tokens.AtRandom()) Run(sequence);
            return ranges.ToScales();
        }
        catch (Exception e) when (e is InvalidOperationException or TokenSelectionException)
        {
            throw new ModelLoadException($"the scales of its key-value cache cannot be measured: {e.Message}.", "the built model", e);
        }

        void Run(int[] sequence)
        {
            for (var start = 0; start < sequence.Length; start += decoder.MaxChunk)
            {
                decoder.Prefill(0, start, sequence.AsSpan(start, Math.Min(decoder.MaxChunk, sequence.Length - start)), logitsCount: 0, cancellationToken);
            }

            Take(sequence.Length);
        }

        void Take(int count)
        {
            decoder.Export(0, count, rows);
            ranges.Add(rows.Address, count);
        }
    }
}
