using System.Numerics.Tensors;

namespace EdgeAI.Generation;

/// <summary>The small tensors of a decoder and its logits, with the views that runs see.</summary>
internal sealed unsafe class DecoderBuffers : IDisposable
{
    private readonly int _capacity;
    private readonly NativeBuffer _tokens;
    private readonly NativeBuffer _places;
    private readonly NativeBuffer _logits;
    private readonly NativeBuffer? _widened;
    private readonly TensorValue _mask;
    private readonly TensorValue _logitCount;
    private readonly TensorValue?[,] _maskViews;
    private readonly int[] _filled;
    private readonly int _vocabulary;

    /// <param name="slots">Slots of the cache.</param>
    /// <param name="capacity">Tokens of a slot.</param>
    /// <param name="maxChunk">Most tokens of one sequence in a run.</param>
    /// <param name="logitRows">Most rows of logits in a run.</param>
    /// <param name="vocabulary">Logits of a row.</param>
    /// <param name="logitsType">What the model gives: 32-bit floats or 16-bit ones.</param>
    public DecoderBuffers(int slots, int capacity, int maxChunk, int logitRows, int vocabulary, TensorElementType logitsType)
    {
        _capacity = capacity;
        var mostTokens = Math.Max(slots, maxChunk);
        _tokens = new NativeBuffer((nuint)mostTokens * sizeof(long), clear: true);
        _places = new NativeBuffer((nuint)mostTokens * sizeof(long), clear: true);
        var logits = checked(logitRows * vocabulary);
        _logits = new NativeBuffer(logitsType.ByteLength(logits));
        _widened = logitsType == TensorElementType.Float16 ? new NativeBuffer((nuint)logits * sizeof(float)) : null;
        _vocabulary = vocabulary;
        _mask = TensorValue.Create(new NativeBuffer((nuint)slots * (nuint)capacity * sizeof(long), clear: true), TensorElementType.Int64, slots, capacity);
        _logitCount = TensorValue.Create(new NativeBuffer(sizeof(long), clear: true), TensorElementType.Int64, 1);
        _maskViews = new TensorValue?[slots, slots + 1];
        _filled = new int[slots];
        PromptTokens = new LengthViews(_tokens, TensorElementType.Int64, maxChunk, static count => [1, count]);
        PromptPlaces = new LengthViews(_places, TensorElementType.Int64, maxChunk, static count => [1, count]);
        PromptLogits = new LengthViews(_logits, logitsType, logitRows, count => [1, count, vocabulary]);
        StepTokens = new LengthViews(_tokens, TensorElementType.Int64, slots, static count => [count, 1]);
        StepPlaces = new LengthViews(_places, TensorElementType.Int64, slots, static count => [count, 1]);
        StepLogits = new LengthViews(_logits, logitsType, slots, count => [count, 1, vocabulary]);
    }

    /// <summary>Tokens of one sequence, by their number.</summary>
    public LengthViews PromptTokens { get; }

    public LengthViews PromptPlaces { get; }

    /// <summary>By the number of rows.</summary>
    public LengthViews PromptLogits { get; }

    /// <summary>One token of each of several sequences, by their number.</summary>
    public LengthViews StepTokens { get; }

    public LengthViews StepPlaces { get; }

    public LengthViews StepLogits { get; }

    /// <summary>Fills in tokens of one sequence.</summary>
    public void SetPrompt(ReadOnlySpan<int> tokens, int start)
    {
        var ids = (long*)_tokens.Address;
        var places = (long*)_places.Address;
        for (var i = 0; i < tokens.Length; i++)
        {
            ids[i] = tokens[i];
            places[i] = start + i;
        }
    }

    /// <summary>Fills in one token of each of several sequences.</summary>
    public void SetStep(ReadOnlySpan<int> tokens, ReadOnlySpan<int> places)
    {
        var ids = (long*)_tokens.Address;
        var columns = (long*)_places.Address;
        for (var i = 0; i < tokens.Length; i++)
        {
            ids[i] = tokens[i];
            columns[i] = places[i];
        }
    }

    /// <summary>Tells how many tokens a slot holds, those of the coming run included.</summary>
    public void SetFilled(int slot, int count)
    {
        var row = (long*)_mask.Buffer.Address + ((nint)slot * _capacity);
        var before = _filled[slot];
        if (count > before) new Span<long>(row + before, count - before).Fill(1);
        else new Span<long>(row + count, before - count).Clear();
        _filled[slot] = count;
    }

    /// <summary>The mask of some neighbouring slots.</summary>
    public TensorValue Mask(int firstSlot, int count) => _maskViews[firstSlot, count] ??= _mask.Slice(firstSlot, count);

    /// <summary>Rows of logits that a run wrote; to be changed at will.</summary>
    public Span<float> ReadLogits(int firstRow, int rows)
    {
        var (start, count) = (firstRow * _vocabulary, rows * _vocabulary);
        if (_widened is null) return new Span<float>((float*)_logits.Address + start, count);
        var floats = new Span<float>((float*)_widened.Address + start, count);
        TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>((Half*)_logits.Address + start, count), floats);
        return floats;
    }

    /// <summary>How many positions get logits.</summary>
    public TensorValue LogitCount(int count)
    {
        *(long*)_logitCount.Buffer.Address = count;
        return _logitCount;
    }

    public void Dispose()
    {
        PromptTokens.Dispose();
        PromptPlaces.Dispose();
        PromptLogits.Dispose();
        StepTokens.Dispose();
        StepPlaces.Dispose();
        StepLogits.Dispose();
        foreach (var view in _maskViews) view?.Dispose();
        _mask.Dispose();
        _logitCount.Dispose();
        _tokens.Dispose();
        _places.Dispose();
        _logits.Dispose();
        _widened?.Dispose();
    }
}
