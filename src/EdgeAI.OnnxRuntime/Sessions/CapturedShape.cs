namespace EdgeAI.OnnxRuntime;

/// <summary>
/// A combination of input shapes and outputs that came before: first only what it looks like, then also its graph, with the buffers that the graph reads and
/// writes. Not thread-safe.
/// </summary>
internal sealed class CapturedShape : IDisposable
{
    private readonly (TensorElementType Type, nint[] Lengths)[] _inputs;
    private readonly (TensorElementType Type, nint[] Lengths)[] _outputs;
    private readonly int[] _selection;
    private readonly List<TensorValue> _fixedInputs = [];
    private readonly List<TensorValue> _fixedOutputs = [];
    private OnnxSessionBinding? _binding;

    /// <summary>Describes a run.</summary>
    /// <param name="inputs">All inputs.</param>
    /// <param name="selection">Which outputs it had.</param>
    /// <param name="outputs">These outputs.</param>
    public CapturedShape(ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<int> selection, ReadOnlySpan<TensorValue> outputs)
    {
        _inputs = [.. inputs.ToArray().Select(input => (input!.ElementType, input.Lengths.ToArray()))];
        _selection = selection.ToArray();
        _outputs = [.. outputs.ToArray().Select(output => (output.ElementType, output.Lengths.ToArray()))];
    }

    /// <summary>Whether its graph gives right answers.</summary>
    public bool IsCaptured { get; private set; }

    /// <summary>Whether it is not to be tried again.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Whether a run is of this shape.</summary>
    public bool Matches(ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<int> selection)
    {
        if (!selection.SequenceEqual(_selection)) return false;
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is not { } input || !Fits(input, _inputs[i])) return false;
        }

        return true;
    }

    /// <summary>Whether tensors, <see langword="null"/> standing for any, are of the outputs' shapes.</summary>
    public bool FitsOutputs(ReadOnlySpan<TensorValue?> outputs)
    {
        for (var i = 0; i < _outputs.Length; i++)
        {
            if (outputs[i] is { } output && !Fits(output, _outputs[i])) return false;
        }

        return true;
    }

    /// <summary>Captures the graph and proves it.</summary>
    /// <param name="model">The session.</param>
    /// <param name="capture">Where buffers lie.</param>
    /// <param name="id">The graph's number, 1 or more.</param>
    /// <param name="inputs">The inputs of a usual run.</param>
    /// <param name="outputs">What it answered.</param>
    /// <returns>Why there is no graph; <see langword="null"/> where there is.</returns>
    public string? Capture(LoadedModel model, OnnxGraphCapture capture, int id, ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<TensorValue> outputs)
    {
        try
        {
            Allocate(model, capture, id);

            // Inputs that differ between capture and replay: a graph that keeps those of its capture shows itself.
            foreach (var input in _fixedInputs) Clear(input, capture);
            Run();
            CopyIn(inputs, capture);
            Run();
            for (var i = 0; i < outputs.Length; i++)
            {
                using var answer = CopyOut(i, destination: null, capture);
                if (!SameAnswer.Is(outputs[i], answer)) return Refuse($"its replay gives another answer in output {_selection[i]}");
            }

            IsCaptured = true;
            return null;
        }
        catch (Exception e)
        {
            // The caller has its answer already: whatever went wrong here, the usual run remains.
            return Refuse(e.Message);
        }
    }

    /// <summary>Replays the graph on other inputs.</summary>
    public void Replay(ReadOnlySpan<TensorValue?> inputs, OnnxGraphCapture capture)
    {
        CopyIn(inputs, capture);
        Run();
    }

    /// <summary>An output of the last replay, in the destination, or in a host tensor that the caller owns.</summary>
    public TensorValue CopyOut(int position, TensorValue? destination, OnnxGraphCapture capture)
    {
        var target = destination ?? TensorValue.Create(new NativeBuffer(_outputs[position].Type.ByteLength(TensorShape.GetElementCount(_outputs[position].Lengths))), _outputs[position].Type, _outputs[position].Lengths);
        try
        {
            Wait(capture.Memory.CopyAsync(_fixedOutputs[position], target));
            return target;
        }
        catch
        {
            if (destination is null) target.Dispose();
            throw;
        }
    }

    /// <summary>Runs and copies complete before they return, with few exceptions.</summary>
    public static void Wait(ValueTask task)
    {
        if (task.IsCompleted) task.GetAwaiter().GetResult();
        else task.AsTask().GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _binding?.Dispose();
        _binding = null;
        foreach (var tensor in _fixedInputs.Concat(_fixedOutputs)) tensor.Dispose();
        _fixedInputs.Clear();
        _fixedOutputs.Clear();
    }

    private void Allocate(LoadedModel model, OnnxGraphCapture capture, int id)
    {
        foreach (var (type, lengths) in _inputs) _fixedInputs.Add(Allocate(capture, type, lengths));
        foreach (var (type, lengths) in _outputs) _fixedOutputs.Add(Allocate(capture, type, lengths));
        _binding = new OnnxSessionBinding(model, capture.Memory, gate: null, graphId: id);
        _binding.SelectOutputs(_selection);
        for (var i = 0; i < _fixedInputs.Count; i++) _binding.SetInput(i, _fixedInputs[i]);
        for (var i = 0; i < _selection.Length; i++) _binding.SetOutput(_selection[i], _fixedOutputs[i]);
    }

    private static TensorValue Allocate(OnnxGraphCapture capture, TensorElementType type, nint[] lengths) =>
        TensorValue.Create(capture.Memory.Allocate(type.ByteLength(TensorShape.GetElementCount(lengths))), type, lengths);

    private static void Clear(TensorValue tensor, OnnxGraphCapture capture)
    {
        using var zeros = TensorValue.Create(new NativeBuffer(tensor.ElementType.ByteLength(tensor.ElementCount), clear: true), tensor.ElementType, tensor.Lengths);
        Wait(capture.Memory.CopyAsync(zeros, tensor));
    }

    private void CopyIn(ReadOnlySpan<TensorValue?> inputs, OnnxGraphCapture capture)
    {
        for (var i = 0; i < inputs.Length; i++) Wait(capture.Memory.CopyAsync(inputs[i]!, _fixedInputs[i]));
    }

    private void Run() => Wait(_binding!.RunAsync());

    private string Refuse(string reason)
    {
        Dispose();
        IsRefused = true;
        return reason;
    }

    private static bool Fits(TensorValue tensor, (TensorElementType Type, nint[] Lengths) expected) => tensor.ElementType == expected.Type && tensor.Lengths.SequenceEqual(expected.Lengths);
}
