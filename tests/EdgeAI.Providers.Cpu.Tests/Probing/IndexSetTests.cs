using EdgeAI.Providers.Cpu.Probing;
using EdgeAI.Providers.Cpu.Probing.Linux;

namespace EdgeAI.Providers.Cpu.Tests.Probing;

[TestClass]
public sealed class IndexSetTests
{
    [TestMethod]
    [DataRow("0", new[] { 0 })]
    [DataRow("0-3", new[] { 0, 1, 2, 3 })]
    [DataRow("0-1,8, 10-11\n", new[] { 0, 1, 8, 10, 11 })]
    [DataRow("3,1,1", new[] { 1, 3 })]
    [DataRow("", new int[0])]
    public void TryParse_List_HasItsNumbers(string text, int[] expected) => CollectionAssert.AreEqual(expected, IndexSet.TryParse(text)!.ToArray());

    [TestMethod]
    [DataRow("a")]
    [DataRow("1-")]
    [DataRow("-1")]
    [DataRow("1-b")]
    [DataRow("99999999999")]
    [DataRow("0-70000")]
    public void TryParse_Malformed_IsNull(string text) => Assert.IsNull(IndexSet.TryParse(text));

    [TestMethod]
    [DataRow("0")]
    [DataRow("0-3")]
    [DataRow("0-1,8,10-11")]
    [DataRow("")]
    public void ToString_Set_IsTheKernelsNotation(string text) => Assert.AreEqual(text, IndexSet.TryParse(text)!.ToString());
}
