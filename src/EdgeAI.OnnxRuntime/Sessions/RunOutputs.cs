using System.Runtime.InteropServices;
using EdgeAI.OnnxRuntime.Interop;

namespace EdgeAI.OnnxRuntime;

/// <summary>
/// The outputs of one binding: which are selected, where each is written, and what the last run left. Outputs count in the order of the
/// signature, their positions in the order of the native call.
/// </summary>
internal sealed unsafe class RunOutputs : IDisposable
{
    private const int NotSelected = -1;

    private readonly LoadedModel _model;
    private readonly TensorSlot[] _slots;
    private readonly int[] _selected;                   // position -> output
    private readonly int[] _positions;                  // output -> position
    private readonly TensorValue?[] _destinations;      // by position: where the last run wrote; null where native code allocated
    private bool _hasResult;

    public RunOutputs(LoadedModel model, IOnnxDeviceMemory? deviceMemory)
    {
        _model = model;
        _slots = [.. model.Signature.Outputs.Select(spec => new TensorSlot(spec, isOutput: true, deviceMemory))];
        _selected = new int[_slots.Length];
        _positions = new int[_slots.Length];
        _destinations = new TensorValue?[_slots.Length];
        Names = (nint*)NativeMemory.AllocZeroed((nuint)(2 * _slots.Length + 1), (nuint)sizeof(nint));
        Values = Names + _slots.Length;
        int[] tensors = [.. Enumerable.Range(0, _slots.Length).Where(model.IsTensorOutput)];
        Set(tensors);
    }

    /// <summary>How many are selected.</summary>
    public int Count { get; private set; }

    /// <summary>Their names, by position.</summary>
    public nint* Names { get; }

    /// <summary>Their values, by position: what the native call writes to, or 0 for it to allocate.</summary>
    public nint* Values { get; }

    /// <summary>Binds an output, or has native code allocate it.</summary>
    public void Bind(int index, TensorValue? tensor)
    {
        if (tensor is null) _slots[index].Clear();
        else _slots[index].Bind(tensor);
    }

    /// <summary>Selects outputs and drops what the last run left.</summary>
    public void Select(ReadOnlySpan<int> indexes)
    {
        if (indexes.IsEmpty) throw new ArgumentException("No output is selected; a run computes one at least.", nameof(indexes));
        for (var i = 0; i < indexes.Length; i++)
        {
            if ((uint)indexes[i] >= (uint)_slots.Length || indexes[..i].Contains(indexes[i]))
            {
                throw new ArgumentException($"Output {indexes[i]} is selected twice or does not exist; the model has {_slots.Length} outputs.", nameof(indexes));
            }

            if (!_model.IsTensorOutput(indexes[i])) throw NotATensor(indexes[i]);
        }

        Drop();
        Set(indexes);
    }

    /// <summary>The tensor bound at a position; <see langword="null"/> where native code allocates.</summary>
    public TensorValue? BoundAt(int position) => _slots[_selected[position]].Tensor;

    /// <summary>Called before a run.</summary>
    public void Prepare()
    {
        Drop();
        for (var position = 0; position < Count; position++)
        {
            var slot = _slots[_selected[position]];
            _destinations[position] = slot.Tensor;
            Values[position] = slot.Value;
        }
    }

    /// <summary>Called after a successful run.</summary>
    public void Complete()
    {
        for (var position = 0; position < Count; position++) _slots[_selected[position]].Complete();
        _hasResult = true;
    }

    /// <summary>Releases what a run left and nobody took.</summary>
    public void Drop()
    {
        _hasResult = false;
        for (var position = 0; position < Count; position++)
        {
            if (_destinations[position] is null && Values[position] != 0) NativeApi.ReleaseValue(Values[position]);
            _destinations[position] = null;
            Values[position] = 0;
        }
    }

    /// <summary>An output of the last run; one that native code allocated is handed over.</summary>
    public TensorValue Take(int index)
    {
        var position = _positions[index];
        if (!_hasResult || position == NotSelected) throw new InvalidOperationException($"There is no output '{NameOf(index)}' of a successful run; run first, with this output selected.");
        if (_destinations[position] is { } destination) return destination;

        var value = Values[position];
        if (value == 0) throw new InvalidOperationException($"The output '{NameOf(index)}' of this run was handed over already.");
        Values[position] = 0;
        return NativeTensor.Adopt(value) ?? throw NotATensor(index);
    }

    public void Dispose()
    {
        Drop();
        foreach (var slot in _slots) slot.Dispose();
        NativeMemory.Free(Names);
    }

    private void Set(ReadOnlySpan<int> indexes)
    {
        Array.Fill(_positions, NotSelected);
        Count = indexes.Length;
        for (var position = 0; position < indexes.Length; position++)
        {
            var output = indexes[position];
            _selected[position] = output;
            _positions[output] = position;
            Names[position] = _model.OutputNames[output];
        }
    }

    private string NameOf(int index) => _model.Signature.Outputs[index].Name;

    private NotSupportedException NotATensor(int index) =>
        new($"The output '{NameOf(index)}' of {_model.ModelId} is not a dense tensor; sequences, maps, optional and sparse values are not supported. Leave it out of the requested outputs.");
}
