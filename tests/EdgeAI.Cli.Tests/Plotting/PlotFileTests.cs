using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Plotting;

namespace EdgeAI.Cli.Tests.Plotting;

[TestClass]
public sealed class PlotFileTests
{
    [TestMethod]
    public void Write_FileExists_IsReplacedWhole()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("p.svg", [1, 2, 3]);

        using (var file = PlotFile.Create(path))
        {
            CollectionAssert.AreEqual((byte[])[1, 2, 3], File.ReadAllBytes(path));
            file.Write([4, 5]);
        }

        CollectionAssert.AreEqual((byte[])[4, 5], File.ReadAllBytes(path));
        CollectionAssert.AreEqual((string[])[path], Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void Dispose_NothingWritten_LeavesWhatWasThere()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("p.png", [1]);

        PlotFile.Create(path).Dispose();

        CollectionAssert.AreEqual((string[])[path], Directory.GetFiles(folder.Path));
        CollectionAssert.AreEqual((byte[])[1], File.ReadAllBytes(path));
    }

    [TestMethod]
    public void Create_MissingFolder_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "missing", "p.svg");

        Assert.Contains(path, Assert.ThrowsExactly<ToolException>(() => PlotFile.Create(path)).Message);
    }

    [TestMethod]
    public void Write_NameTakenByAFolder_FailsAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("p.svg");
        using (var file = PlotFile.Create(path))
        {
            Directory.CreateDirectory(path);
            Assert.ThrowsExactly<ToolException>(() => file.Write([1]));
        }

        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    [DataRow("a.svg", PlotFormat.Svg)]
    [DataRow("a.b.PNG", PlotFormat.Png)]
    public void FormatOf_KnownEnding_IsIt(string path, object format) => Assert.AreEqual(format, PlotFile.FormatOf(path));

    [TestMethod]
    [DataRow("a.gif")]
    [DataRow("svg")]
    [DataRow("")]
    public void FormatOf_Other_IsNone(string path) => Assert.IsNull(PlotFile.FormatOf(path));
}
