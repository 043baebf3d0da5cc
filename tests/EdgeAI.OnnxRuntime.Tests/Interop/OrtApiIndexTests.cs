using System.Reflection;
using System.Runtime.InteropServices;
using EdgeAI.OnnxRuntime.Interop;

namespace EdgeAI.OnnxRuntime.Tests.Interop;

[TestClass]
public sealed class OrtApiIndexTests
{
    public static IEnumerable<object[]> Constants =>
        typeof(OrtApiIndex).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => new object[] { f.Name, f.GetRawConstantValue()! });

    [TestMethod]
    [DynamicData(nameof(Constants))]
    public void Constant_AgainstManagedPackage_HasOffsetOfField(string name, int index) =>
        Assert.AreEqual((int)Marshal.OffsetOf<Microsoft.ML.OnnxRuntime.OrtApi>(name), index * nint.Size);
}
