using System.Text;
using EdgeAI.Providers.Cpu.Probing;

namespace EdgeAI.Providers.Cpu.Tests.Probing;

[TestClass]
public sealed class CpuIdNameTests
{
    [TestMethod]
    public void Read_BrandString_IsTrimmed() =>
        Assert.AreEqual("Some(R) CPU @ 2.00GHz", CpuIdName.Read(Answer("   Some(R)  CPU @ 2.00GHz")));

    [TestMethod]
    public void Read_NoBrandString_IsNull() => Assert.IsNull(CpuIdName.Read((_, _) => (unchecked((int)0x80000001), 0, 0, 0)));

    private static Func<int, int, (int, int, int, int)> Answer(string name)
    {
        var bytes = new byte[48];
        Encoding.ASCII.GetBytes(name, bytes);
        return (leaf, _) =>
        {
            if (leaf == unchecked((int)0x80000000)) return (unchecked((int)0x80000008), 0, 0, 0);
            var at = (leaf - unchecked((int)0x80000002)) * 16;
            return (BitConverter.ToInt32(bytes, at), BitConverter.ToInt32(bytes, at + 4), BitConverter.ToInt32(bytes, at + 8), BitConverter.ToInt32(bytes, at + 12));
        };
    }
}
