namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class RealPathsTests
{
    [TestMethod]
    [DataRow("/a/b/c", "/a/b", true)]
    [DataRow("/a/b/c", "/a/b/", true)]
    [DataRow("/a/bc", "/a/b", false)]
    [DataRow("/a/b", "/a/b", false)]
    [DataRow("/a", "/", true)]
    public void IsUnder_ComparesWholeNames(string path, string folder, bool expected)
    {
        if (Path.DirectorySeparatorChar != '/') (path, folder) = (path.Replace('/', '\\'), folder.Replace('/', '\\'));
        Assert.AreEqual(expected, RealPaths.IsUnder(path, folder));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Resolve_LinksInEveryComponent_EqualsTheKernels()
    {
        using var folder = new TemporaryFolder();
        folder.Write("real/deep/file", [1]);
        Directory.CreateSymbolicLink(folder.PathOf("first"), "real");
        Directory.CreateSymbolicLink(folder.PathOf("real/second"), folder.PathOf("first/deep"));
        File.CreateSymbolicLink(folder.PathOf("real/deep/third"), "../deep/./file");
        var path = folder.PathOf("first/second/third");
        if (OperatingSystem.IsLinux())
        {
            using var held = LinuxPaths.Hold(path);
            Assert.AreEqual(LinuxPaths.RealPath(held), RealPaths.Resolve(path));
        }

        Assert.AreEqual(folder.PathOf("real/deep/file"), RealPaths.Resolve(path));
    }

    [TestMethod]
    public void Resolve_NothingThere_ReturnsNull()
    {
        using var folder = new TemporaryFolder();
        Assert.IsNull(RealPaths.Resolve(folder.PathOf("none")));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Resolve_LinksInACircle_ReturnsNull()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.PathOf("a"), folder.PathOf("b"));
        File.CreateSymbolicLink(folder.PathOf("b"), folder.PathOf("a"));
        Assert.IsNull(RealPaths.Resolve(folder.PathOf("a")));
    }
}
