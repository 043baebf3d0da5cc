using System.Runtime.InteropServices;
using EdgeAI.Onnx;

namespace EdgeAI.OnnxRuntime;

/// <summary>The inputs of one binding, in the order of the signature.</summary>
internal sealed unsafe class RunInputs : IDisposable
{
    // Batches of every size come again and again; a model that is sent ever new shapes must not remember them all.
    private const int MostAccepted = 64;

    private readonly ModelSignature _signature;
    private readonly TensorSlot[] _slots;
    private readonly List<nint[]> _accepted = [];
    private readonly List<nint> _lengths = [];

    public RunInputs(ModelSignature signature, IOnnxDeviceMemory? deviceMemory)
    {
        _signature = signature;
        _slots = [.. signature.Inputs.Select(spec => new TensorSlot(spec, isOutput: false, deviceMemory))];
        Values = (nint*)NativeMemory.AllocZeroed((nuint)(_slots.Length + 1), (nuint)sizeof(nint));
    }

    /// <summary>How many there are.</summary>
    public int Count => _slots.Length;

    /// <summary>Their native values.</summary>
    public nint* Values { get; }

    /// <summary>Binds an input.</summary>
    public void Bind(int index, TensorValue tensor) => _slots[index].Bind(tensor);

    /// <summary>The tensor that is bound.</summary>
    /// <exception cref="InvalidInputException">None is; names every input that has none.</exception>
    public TensorValue BoundAt(int index) => _slots[index].Tensor ?? throw Missing();

    /// <summary>Has the model asked about shapes that it has not accepted yet; the same shapes run after run cost nothing.</summary>
    /// <exception cref="InvalidInputException">Native code would not survive these shapes.</exception>
    public void CheckShapes(OnnxModelDescriptor? limits)
    {
        if (limits is null || !HasNewShape()) return;
        if (!IsAccepted())
        {
            var lengths = new Dictionary<string, nint[]>(StringComparer.Ordinal);
            for (var i = 0; i < _slots.Length; i++) lengths[_signature.Inputs[i].Name] = BoundAt(i).Lengths.ToArray();
            if (limits.FindShapeProblem(lengths) is { } problem) throw new InvalidInputException([problem], _signature);
            if (_accepted.Count == MostAccepted) _accepted.Clear();
            _accepted.Add([.. _lengths]);
        }

        foreach (var slot in _slots) slot.HasNewShape = false;
    }

    /// <summary>Called before a run.</summary>
    public void Prepare()
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            _slots[i].Prepare();
            Values[i] = _slots[i].Value;
        }
    }

    public void Dispose()
    {
        foreach (var slot in _slots) slot.Dispose();
        NativeMemory.Free(Values);
    }

    private bool HasNewShape()
    {
        foreach (var slot in _slots)
        {
            if (slot.HasNewShape) return true;
        }

        return false;
    }

    /// <summary>Whether the bound lengths were accepted before; they are in <see cref="_lengths"/> afterwards, each input's led by its rank.</summary>
    private bool IsAccepted()
    {
        _lengths.Clear();
        for (var i = 0; i < _slots.Length; i++)
        {
            var lengths = BoundAt(i).Lengths;
            _lengths.Add(lengths.Length);
            _lengths.AddRange(lengths);
        }

        var wanted = CollectionsMarshal.AsSpan(_lengths);
        foreach (var accepted in _accepted)
        {
            if (wanted.SequenceEqual(accepted)) return true;
        }

        return false;
    }

    private InvalidInputException Missing() =>
        new([.. _slots.Index().Where(slot => slot.Item.Tensor is null).Select(slot => $"input '{_signature.Inputs[slot.Index].Name}' is not set")], _signature);
}
