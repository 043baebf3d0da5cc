using System.Text;
using EdgeAI.Cli.Npy;

namespace EdgeAI.Cli.Tests.Npy;

[TestClass]
public sealed class OutputFileNamesTests
{
    [TestMethod]
    [DataRow("stateN", "stateN.npy")]
    [DataRow("gpu_0/softmax_1", "gpu_0_softmax_1.npy")]
    [DataRow("a:b*c?d\"e<f>g|h\\i", "a_b_c_d_e_f_g_h_i.npy")]
    [DataRow("../../etc", ".._.._etc.npy")]
    [DataRow("..", "...npy")]
    [DataRow("Größe", "Größe.npy")]
    [DataRow("tab\tzero\0", "tab_zero_.npy")]
    public void Choose_OneName_FitsAFileName(string output, string file) =>
        CollectionAssert.AreEqual((string[])[file], OutputFileNames.Choose([output]));

    [TestMethod]
    public void Choose_NamesThatBecomeEqual_AreNumbered() =>
        CollectionAssert.AreEqual((string[])["a_b.npy", "a_b-2.npy", "A_B-3.npy", "a_b-2-2.npy"], OutputFileNames.Choose(["a/b", "a:b", "A_B", "a_b-2"]));

    [TestMethod]
    public void Choose_LongName_IsCutBetweenCharacters()
    {
        var file = OutputFileNames.Choose([string.Concat(Enumerable.Repeat("😀", 1000))])[0];

        Assert.IsLessThanOrEqualTo(255, Encoding.UTF8.GetByteCount(file));
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(file)));
    }
}
