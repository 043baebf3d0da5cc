namespace EdgeAI.Samples.Voice;

/// <summary>
/// Runs Silero VAD over sound, chunk by chunk. The model is stateless by itself: it takes a state and gives the next one, so the
/// state goes round here, by hand. Two tensors take turns: the answer is written straight into the one that is read next.
/// Not thread-safe; one for each stream of sound.
/// </summary>
internal sealed class VoiceDetector : IDisposable
{
    private readonly IModelHandle _model;
    private readonly TensorValue _input;
    private readonly TensorValue _sampleRate;
    private readonly int _contextLength;
    private TensorValue _state = NewState();
    private TensorValue _nextState = NewState();

    /// <summary>Starts in silence.</summary>
    /// <exception cref="NotSupportedException">The model was not made for this sample rate, or is another model.</exception>
    public VoiceDetector(IModelHandle model, int sampleRate)
    {
        if (sampleRate is not (8000 or 16000)) throw new NotSupportedException($"The sound has {sampleRate} samples per second; the model takes 8000 or 16000. Resample it first.");
        if (!model.Signature.Inputs.Select(spec => spec.Name).Order().SequenceEqual(["input", "sr", "state"]))
        {
            throw new NotSupportedException($"This is not Silero VAD version 5: the model is {model.Signature}; expected inputs are 'input', 'state' and 'sr'.");
        }

        _model = model;
        ChunkLength = sampleRate / 1000 * 32;
        _contextLength = ChunkLength / 8;
        _input = TensorValue.Create(new float[_contextLength + ChunkLength], 1, _contextLength + ChunkLength);
        _sampleRate = TensorValue.Create(new long[] { sampleRate });
    }

    /// <summary>Samples in a chunk: 32 ms.</summary>
    public int ChunkLength { get; }

    /// <summary>The probability, 0 to 1, that somebody speaks in the chunk, which follows the previous one.</summary>
    /// <param name="chunk">At most <see cref="ChunkLength"/> samples; silence follows where it is shorter, as the last one may be.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task<float> DetectAsync(ReadOnlyMemory<float> chunk, CancellationToken cancellationToken = default)
    {
        Append(chunk.Span);
        var request = new InferenceRequest { ["input"] = _input, ["state"] = _state, ["sr"] = _sampleRate };
        request.SetOutput("stateN", _nextState);
        using var response = await _model.RunAsync(request, cancellationToken);
        (_state, _nextState) = (_nextState, _state);
        return response["output"].AsSpan<float>()[0];
    }

    public void Dispose()
    {
        _input.Dispose();
        _sampleRate.Dispose();
        _state.Dispose();
        _nextState.Dispose();
    }

    /// <summary>The model wants the end of the previous chunk in front of the new one.</summary>
    private void Append(ReadOnlySpan<float> chunk)
    {
        var input = _input.AsWritableSpan<float>();
        input[^_contextLength..].CopyTo(input);
        var fresh = input[_contextLength..];
        chunk.CopyTo(fresh);
        fresh[chunk.Length..].Clear();
    }

    private static TensorValue NewState() => TensorValue.Create(new float[2 * 1 * 128], 2, 1, 128);
}
