using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAI;

/// <summary>
/// An owned, storable, row-major dense tensor on the host or on a device. View it as a span to read or write; a span must not
/// be used after the tensor is disposed.
/// </summary>
/// <remarks>
/// Ownership: whoever creates or receives a tensor disposes it. The engine retains the inputs of a running request, so a
/// caller may dispose them at once; their <em>contents</em> must stay unchanged until the request has completed.
/// Reference counting is thread-safe; reading concurrently is safe; writing is not synchronised.
/// </remarks>
public abstract class TensorValue : ReferenceCounted
{
    /// <summary>The element type.</summary>
    public abstract TensorElementType ElementType { get; }

    /// <summary>Lengths of the axes, outermost first; empty for a scalar.</summary>
    public abstract ReadOnlySpan<nint> Lengths { get; }

    /// <summary>Whether the CPU can read the elements.</summary>
    public abstract bool IsHostAccessible { get; }

    /// <summary>The storage.</summary>
    /// <exception cref="NotSupportedException">The tensor holds strings.</exception>
    /// <exception cref="ObjectDisposedException">The tensor is gone.</exception>
    public abstract DeviceBuffer Buffer { get; }

    /// <summary>The number of elements.</summary>
    public nint ElementCount => TensorShape.GetElementCount(Lengths);

    /// <summary>The elements, row-major.</summary>
    /// <typeparam name="T">The CLR type of <see cref="ElementType"/>; <see cref="byte"/> for packed and 8-bit float types, then one element a stored byte.</typeparam>
    /// <exception cref="InvalidOperationException">The type differs, the storage is not host-accessible, or it has more than 2^31-1 elements.</exception>
    /// <exception cref="ObjectDisposedException">The tensor is gone.</exception>
    public ReadOnlySpan<T> AsSpan<T>() where T : unmanaged => View<T>();

    /// <summary>The elements, row-major, to be written.</summary>
    /// <inheritdoc cref="AsSpan{T}"/>
    /// <exception cref="InvalidOperationException">As for <see cref="AsSpan{T}"/>, or the storage is read-only.</exception>
    public Span<T> AsWritableSpan<T>() where T : unmanaged
    {
        if (Buffer.IsReadOnly) throw new InvalidOperationException("The tensor's storage is read-only; create the tensor over T[] or Memory<T> to write to it.");
        return View<T>();
    }

    /// <summary>The elements with their shape. Scalars have rank 0.</summary>
    /// <inheritdoc cref="AsSpan{T}"/>
    public ReadOnlyTensorSpan<T> AsTensorSpan<T>() where T : unmanaged => new(View<T>(), Lengths);

    /// <summary>The elements of a string tensor, row-major.</summary>
    /// <exception cref="InvalidOperationException">The tensor does not hold strings.</exception>
    public virtual ReadOnlySpan<string> AsStrings() =>
        throw new InvalidOperationException($"The tensor holds {ElementType.ToName()}, not strings.");

    /// <summary>Rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> along axis 0, over the same storage, which it retains.</summary>
    /// <exception cref="InvalidOperationException">The tensor is a scalar, holds strings, or the rows of a packed type do not start on a whole byte.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rows lie outside the tensor.</exception>
    public TensorValue Slice(nint start, nint count)
    {
        if (Lengths.IsEmpty) throw new InvalidOperationException("A scalar has no axis 0 to slice.");
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Lengths[0]);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Lengths[0] - start);

        nint[] lengths = [count, .. Lengths[1..]];
        var rowElements = TensorShape.GetElementCount(Lengths[1..]);
        var bits = ElementType.BitWidth();
        if (bits < 8 && rowElements * bits % 8 != 0 && start != 0)
        {
            throw new InvalidOperationException($"Rows of {rowElements} elements of {ElementType.ToName()} do not start on a whole byte; only slices from row 0 are possible.");
        }

        var slice = new BufferSlice(Buffer, ElementType.ByteLength(start * rowElements), ElementType.ByteLength(count * rowElements));
        return new BufferTensor(slice, ElementType, lengths);
    }

    /// <summary>The tensor in host memory: itself, retained, where it already is; a copy that the caller owns otherwise. Dispose the result in either case.</summary>
    /// <exception cref="NotSupportedException">The storage's device offers no copy to the host.</exception>
    public virtual ValueTask<TensorValue> ToHostAsync(CancellationToken cancellationToken = default)
    {
        if (!IsHostAccessible) throw new NotSupportedException($"{GetType().Name} offers no copy to host memory; use IDeviceMemory.CopyAsync of its device.");
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Share());
    }

    /// <summary>Another tensor over the same storage with the same shape, which it retains and which is disposed on its own.</summary>
    public virtual TensorValue Share() =>
        new BufferTensor(new BufferSlice(Buffer, 0, Buffer.ByteLength), ElementType, Lengths);

    /// <summary>A tensor over an array, without copying. The array must not be resized or pooled while the tensor lives.</summary>
    /// <param name="data">The elements, row-major.</param>
    /// <param name="lengths">Lengths of the axes; none for a scalar of one element.</param>
    /// <exception cref="InvalidInputException">The lengths are negative or do not multiply to the number of elements.</exception>
    public static TensorValue Create<T>(T[] data, params ReadOnlySpan<nint> lengths) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(data);
        return Over<T>(data, isReadOnly: false, lengths);
    }

    /// <summary>A tensor over memory, without copying. Pinned while native code uses it.</summary>
    /// <inheritdoc cref="Create{T}(T[], ReadOnlySpan{nint})"/>
    public static TensorValue Create<T>(Memory<T> data, params ReadOnlySpan<nint> lengths) where T : unmanaged =>
        Over<T>(data, isReadOnly: false, lengths);

    /// <summary>A read-only tensor over memory, without copying: usable as an input only.</summary>
    /// <inheritdoc cref="Create{T}(T[], ReadOnlySpan{nint})"/>
    public static TensorValue Create<T>(ReadOnlyMemory<T> data, params ReadOnlySpan<nint> lengths) where T : unmanaged =>
        Over(data, isReadOnly: true, lengths);

    /// <summary>A tensor that owns the memory and disposes its owner with the last reference. The memory may be longer than the tensor. Nothing is owned when the call throws.</summary>
    /// <inheritdoc cref="Create{T}(T[], ReadOnlySpan{nint})"/>
    public static TensorValue Create<T>(IMemoryOwner<T> owner, params ReadOnlySpan<nint> lengths) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(owner);
        var elementType = TypeOf<T>();
        var elementCount = TensorShape.GetElementCount(lengths);
        if (elementCount > owner.Memory.Length) throw Mismatch(owner.Memory.Length, lengths, elementCount);
        return new BufferTensor(new MemoryBuffer<T>(owner.Memory[..(int)elementCount], isReadOnly: false, owner), elementType, lengths);
    }

    /// <summary>A tensor over device or native memory. Takes over the caller's reference to the buffer; nothing is taken when the call throws.</summary>
    /// <param name="buffer">The storage; at least as long as the tensor.</param>
    /// <param name="elementType">The element type; not <see cref="TensorElementType.String"/>.</param>
    /// <param name="lengths">Lengths of the axes; none for a scalar.</param>
    /// <exception cref="InvalidInputException">The lengths are negative or need more bytes than the buffer has.</exception>
    public static TensorValue Create(DeviceBuffer buffer, TensorElementType elementType, params ReadOnlySpan<nint> lengths)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        var needed = elementType.ByteLength(TensorShape.GetElementCount(lengths));
        if (needed > buffer.ByteLength)
        {
            throw new InvalidInputException([$"a {elementType.ToName()} tensor of {TensorShape.Format(lengths)} needs {needed} bytes but the buffer has {buffer.ByteLength}"]);
        }

        return new BufferTensor(buffer, elementType, lengths);
    }

    /// <summary>A tensor of strings. Never pooled and never batched.</summary>
    /// <param name="data">The elements, row-major; not copied, and none may be <see langword="null"/>.</param>
    /// <param name="lengths">Lengths of the axes; none for a scalar.</param>
    /// <exception cref="InvalidInputException">The lengths do not multiply to the number of elements, or an element is <see langword="null"/>.</exception>
    public static TensorValue CreateStrings(string[] data, params ReadOnlySpan<nint> lengths)
    {
        ArgumentNullException.ThrowIfNull(data);
        var elementCount = TensorShape.GetElementCount(lengths);
        if (elementCount != data.Length) throw Mismatch(data.Length, lengths, elementCount);
        var missing = Array.IndexOf(data, null);
        if (missing >= 0) throw new InvalidInputException([$"element {missing} is null; ONNX strings are never null"]);
        return new StringTensor(data, lengths);
    }

    private static BufferTensor Over<T>(ReadOnlyMemory<T> data, bool isReadOnly, ReadOnlySpan<nint> lengths) where T : unmanaged
    {
        var elementType = TypeOf<T>();
        var elementCount = TensorShape.GetElementCount(lengths);
        if (elementCount != data.Length) throw Mismatch(data.Length, lengths, elementCount);
        return new BufferTensor(new MemoryBuffer<T>(data, isReadOnly), elementType, lengths);
    }

    private static TensorElementType TypeOf<T>() where T : unmanaged
    {
        var type = TensorElementTypes.Of<T>();
        return type != TensorElementType.Undefined
            ? type
            : throw new NotSupportedException($"{typeof(T)} has no tensor element type; use a numeric type, bool, Half or EdgeAI.BFloat16, or Create(DeviceBuffer, ...) for packed types.");
    }

    private static InvalidInputException Mismatch(int available, ReadOnlySpan<nint> lengths, nint elementCount) =>
        new([$"the lengths {TensorShape.Format(lengths)} stand for {elementCount} elements but {available} were given"]);

    private unsafe Span<T> View<T>() where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(IsFreed, this);
        if (!ElementType.IsViewableAs<T>()) ThrowWrongType<T>();
        var buffer = Buffer;
        if (!buffer.IsHostAccessible) throw new InvalidOperationException("The tensor is in device memory; call ToHostAsync first.");
        var bytes = ElementType.ByteLength(ElementCount);
        var count = bytes / (nuint)sizeof(T);
        if (count > int.MaxValue) throw new InvalidOperationException($"The tensor has {count} elements, more than a span can hold; use Buffer.Address.");
        return count == 0 ? [] : MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref buffer.FirstByte), (int)count);
    }

    [DoesNotReturn]
    private void ThrowWrongType<T>() =>
        throw new InvalidOperationException($"The tensor holds {ElementType.ToName()}, which cannot be viewed as {typeof(T).Name}.");
}
