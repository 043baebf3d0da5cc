using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime.Tests.Environment;

[TestClass]
public sealed class TensorOverloadTests
{
    // Why TensorValue exists: should this start to pass, System.Numerics.Tensors' own type can be offered as well.
    [TestMethod]
    public void CreateTensorValueFromSystemNumericsTensorObject_TensorsVersion10_IsMissing() =>
#pragma warning disable SYSLIB5001 // evaluation only
        Assert.ThrowsExactly<MissingMethodException>(() => OrtValue.CreateTensorValueFromSystemNumericsTensorObject(Tensor.Create([1f, 2f], [2])));
#pragma warning restore SYSLIB5001
}
