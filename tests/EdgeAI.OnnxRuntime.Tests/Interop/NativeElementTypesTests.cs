using EdgeAI.OnnxRuntime.Interop;
using NativeType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace EdgeAI.OnnxRuntime.Tests.Interop;

[TestClass]
public sealed class NativeElementTypesTests
{
    [TestMethod]
    public void FromNative_EveryType_UndoesToNative()
    {
        foreach (var type in Enum.GetValues<TensorElementType>()) Assert.AreEqual(type, NativeElementTypes.FromNative(type.ToNative()));
    }

    [TestMethod]
    [DataRow(TensorElementType.Float32, NativeType.Float)]
    [DataRow(TensorElementType.Boolean, NativeType.Bool)]
    [DataRow(TensorElementType.BFloat16, NativeType.BFloat16)]
    [DataRow(TensorElementType.Float8E5M2FNUZ, (NativeType)20)]
    [DataRow(TensorElementType.UInt4, (NativeType)21)]
    [DataRow(TensorElementType.Int4, (NativeType)22)]
    [DataRow(TensorElementType.UInt2, (NativeType)24)]
    [DataRow(TensorElementType.Int2, (NativeType)25)]
    [DataRow(TensorElementType.Float8E8M0, (NativeType)26)]
    public void ToNative_Type_HasTheHeadersNumber(TensorElementType type, NativeType expected) => Assert.AreEqual((int)expected, type.ToNative());
}
