using System.Runtime.CompilerServices;

namespace EdgeAI.Cli.Npy;

/// <summary>Turns foreign byte orders and axis orders into ours: little-endian, last axis fastest.</summary>
internal static unsafe class NpyLayout
{
    /// <summary>Reverses each word in place.</summary>
    public static void SwapBytes(byte* data, nuint byteLength, int wordSize)
    {
        for (nuint at = 0; at < byteLength; at += (nuint)wordSize) new Span<byte>(data + at, wordSize).Reverse();
    }

    /// <summary>Copies an array whose first axis varies fastest to one whose last axis does.</summary>
    public static void FromFortranOrder(byte* source, byte* destination, int itemSize, ReadOnlySpan<nint> lengths)
    {
        var count = TensorShape.GetElementCount(lengths);
        var strides = new nint[lengths.Length];
        nint stride = itemSize;
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            strides[axis] = stride;
            stride *= lengths[axis];
        }

        var index = new nint[lengths.Length];
        for (nint i = 0; i < count; i++)
        {
            Unsafe.CopyBlockUnaligned(destination, source, (uint)itemSize);
            destination += itemSize;
            for (var axis = lengths.Length - 1; axis >= 0; axis--)
            {
                source += strides[axis];
                if (++index[axis] < lengths[axis]) break;
                source -= strides[axis] * lengths[axis];
                index[axis] = 0;
            }
        }
    }
}
