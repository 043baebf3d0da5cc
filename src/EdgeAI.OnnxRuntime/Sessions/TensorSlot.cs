using System.Runtime.InteropServices;
using EdgeAI.OnnxRuntime.Interop;

namespace EdgeAI.OnnxRuntime;

/// <summary>
/// One bound input or output: a tensor and the native value over its memory. The native value is made anew only when
/// address, type or shape differ from those of the tensor before.
/// </summary>
/// <param name="spec">What the model expects there.</param>
/// <param name="isOutput">Whether native code writes it.</param>
/// <param name="deviceMemory">What the execution provider uses where it lies; <see langword="null"/>: nothing, ONNX Runtime copies from and to the host.</param>
internal sealed unsafe class TensorSlot(TensorSpec spec, bool isOutput, IOnnxDeviceMemory? deviceMemory) : IDisposable
{
    private const int StackRank = 16;

    // ONNX Runtime rejects a null address even for a tensor without elements.
    private static readonly nint _emptyAddress = (nint)NativeMemory.AlignedAlloc(64, 64);

    private nint _value;
    private nint _address;
    private nint _deviceAddress;
    private TensorElementType _elementType;
    private nint[] _lengths = [];
    private int _rank;
    private nuint _byteLength;
    private NativeBuffer? _aligned;

    /// <summary>The tensor that is bound; <see langword="null"/> where none is.</summary>
    public TensorValue? Tensor { get; private set; }

    /// <summary>The native value; 0 where none is bound.</summary>
    public nint Value => _value;

    /// <summary>Whether the shape differs from the one that was last accepted; reset by whoever accepts it.</summary>
    public bool HasNewShape { get; set; }

    /// <summary>Binds a tensor.</summary>
    /// <exception cref="InvalidInputException">The tensor cannot be used there.</exception>
    public void Bind(TensorValue tensor)
    {
        if (tensor.ElementType == TensorElementType.String)
        {
            BindStrings(tensor);
            return;
        }

        var buffer = tensor.Buffer;
        var byteLength = tensor.ElementType.ByteLength(tensor.ElementCount);
        var deviceAddress = byteLength == 0 ? 0 : deviceMemory?.FindDeviceAddress(buffer.Address, byteLength) ?? 0;
        if (!tensor.IsHostAccessible && deviceAddress == 0) throw Unfit("lies in device memory; copy it to the host first, with ToHostAsync");
        if (isOutput && buffer.IsReadOnly) throw Unfit("is read-only; create the tensor over T[] or Memory<T>");

        var address = byteLength == 0 ? _emptyAddress : buffer.Address;
        if (_value == 0 || address != _address || deviceAddress != _deviceAddress || tensor.ElementType != _elementType || !tensor.Lengths.SequenceEqual(_lengths.AsSpan(0, _rank)))
        {
            Rebind(tensor, address, deviceAddress, byteLength);
        }

        Tensor = tensor;
    }

    /// <summary>Unbinds.</summary>
    public void Clear()
    {
        ReleaseValue();
        Tensor = null;
    }

    /// <summary>Called before each run: brings in what native code cannot read in place.</summary>
    public void Prepare()
    {
        if (Tensor!.ElementType == TensorElementType.String) FillStrings();
        else if (_aligned is not null && !isOutput) Buffer.MemoryCopy((void*)_address, (void*)_aligned.Address, _byteLength, _byteLength);
    }

    /// <summary>Called after each successful run: hands out what native code could not write in place.</summary>
    public void Complete()
    {
        if (_aligned is not null && isOutput) Buffer.MemoryCopy((void*)_aligned.Address, (void*)_address, _byteLength, _byteLength);
    }

    public void Dispose() => Clear();

    private void Rebind(TensorValue tensor, nint address, nint deviceAddress, nuint byteLength)
    {
        Clear();
        var memory = deviceAddress != 0 ? deviceAddress : address;
        var elementBytes = Math.Max(1, tensor.ElementType.BitWidth() / 8);
        if (deviceAddress == 0 && address % elementBytes != 0)
        {
            // Native kernels may use instructions that fault on elements that are not naturally aligned.
            _aligned = new NativeBuffer(byteLength);
            memory = _aligned.Address;
        }

        _value = CreateValue(tensor, memory, byteLength, deviceAddress == 0 ? NativeApi.CpuMemory : deviceMemory!.MemoryInfo.DangerousGetHandle());
        _address = address;
        _deviceAddress = deviceAddress;
        _byteLength = byteLength;
        _elementType = tensor.ElementType;
        HasNewShape |= !tensor.Lengths.SequenceEqual(_lengths.AsSpan(0, _rank));
        _rank = tensor.Lengths.Length;
        if (_lengths.Length < _rank) _lengths = new nint[_rank];
        tensor.Lengths.CopyTo(_lengths);
    }

    private void BindStrings(TensorValue tensor)
    {
        if (isOutput) throw Unfit("holds strings, which cannot be written in place; leave the output unbound");
        ReleaseValue();
        Tensor = tensor;
    }

    private void FillStrings()
    {
        ReleaseValue();
        var value = CreateValue(Tensor!, 0, 0, 0);
        NativeStringTensor.Fill(value, Tensor!.AsStrings());
        _value = value;
    }

    private nint CreateValue(TensorValue tensor, nint address, nuint byteLength, nint memoryInfo)
    {
        var lengths = tensor.Lengths;
        var shape = lengths.Length <= StackRank ? stackalloc long[StackRank] : new long[lengths.Length];
        for (var i = 0; i < lengths.Length; i++) shape[i] = lengths[i];
        fixed (long* first = shape)
        {
            nint value = 0;
            var type = tensor.ElementType.ToNative();
            var status = address == 0
                ? NativeApi.CreateTensor(NativeApi.DefaultAllocator, first, lengths.Length, type, &value)
                : NativeApi.CreateTensorWithData(memoryInfo, address, byteLength, first, lengths.Length, type, &value);
            return NativeError.Take(status) is { } error ? throw Unfit($"was refused by ONNX Runtime: {error.Message}") : value;
        }
    }

    private void ReleaseValue()
    {
        if (_value != 0) NativeApi.ReleaseValue(_value);
        _value = 0;
        _aligned?.Dispose();
        _aligned = null;
    }

    private InvalidInputException Unfit(string problem) => new([$"the tensor for {(isOutput ? "output" : "input")} '{spec.Name}' {problem}"]);
}
