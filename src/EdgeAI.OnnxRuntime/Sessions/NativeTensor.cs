using EdgeAI.OnnxRuntime.Interop;

namespace EdgeAI.OnnxRuntime;

/// <summary>Turns a value that native code allocated into a tensor that owns it.</summary>
internal static unsafe class NativeTensor
{
    private const int StackRank = 16;

    /// <summary>Takes over the value. <see langword="null"/>, and the value released, where it is no dense tensor.</summary>
    public static TensorValue? Adopt(nint value)
    {
        var owned = value;
        try
        {
            int nativeType;
            long* shape;
            nuint rank;
            if (NativeError.Take(NativeApi.GetTensorTypeAndShape(value, &nativeType, &shape, &rank)) is not null) return null;

            var lengths = rank <= StackRank ? stackalloc nint[StackRank] : new nint[rank];
            lengths = lengths[..(int)rank];
            for (var i = 0; i < lengths.Length; i++) lengths[i] = checked((nint)shape[i]);

            var type = NativeElementTypes.FromNative(nativeType);
            var count = TensorShape.GetElementCount(lengths);
            if (type == TensorElementType.String) return TensorValue.CreateStrings(NativeStringTensor.Read(value, checked((int)count)), lengths);

            nint address;
            if (NativeError.Take(NativeApi.GetTensorMutableData(value, &address)) is not null) return null;
            var buffer = new OrtValueBuffer(value, address, type.ByteLength(count));
            owned = 0;
            return TensorValue.Create(buffer, type, lengths);
        }
        finally
        {
            if (owned != 0) NativeApi.ReleaseValue(owned);
        }
    }
}
