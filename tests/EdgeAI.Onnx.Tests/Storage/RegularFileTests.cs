namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class RegularFileTests
{
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void KindOf_EveryKind_IsTold()
    {
        using var folder = new TemporaryFolder();
        LinuxFiles.CreatePipe(folder.PathOf("pipe"));
        Assert.AreEqual("file", KindOf(folder.Write("file", [])));
        Assert.AreEqual("directory", KindOf(folder.Path));
        Assert.AreEqual("pipe, socket or device", KindOf(folder.PathOf("pipe")));
        Assert.AreEqual("pipe, socket or device", KindOf("/dev/null"));
    }

    [TestMethod]
    public void Open_RegularFile_ReadsIt()
    {
        using var folder = new TemporaryFolder();
        using var file = RegularFile.Open(folder.Write("file", [1, 2, 3]), realFolders: null, out var problem);
        Assert.IsNull(problem);
        var bytes = new byte[5];
        Assert.AreEqual(2, file!.Read(1, bytes));
        CollectionAssert.AreEqual(new byte[] { 2, 3, 0, 0, 0 }, bytes);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void OpenByName_LinkLeadsOut_IsRefused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("outside/file", [1]);
        folder.Write("inside/file", [1]);
        File.CreateSymbolicLink(folder.PathOf("inside/link"), folder.PathOf("outside/file"));
        Assert.IsNull(RegularFile.OpenByName(folder.PathOf("inside/link"), [folder.PathOf("inside")], out var problem));
        StringAssert.Contains(problem, "really lies at");
        Assert.IsNull(RegularFile.OpenByName(folder.PathOf("inside"), realFolders: null, out problem));
        Assert.AreEqual("is not a regular file but a directory", problem);
        Assert.IsNull(RegularFile.OpenByName(folder.PathOf("inside/none"), realFolders: null, out problem));
        Assert.AreEqual("cannot be found", problem);
        using var handle = RegularFile.OpenByName(folder.PathOf("inside/file"), [folder.PathOf("inside")], out problem);
        Assert.IsNotNull(handle);
    }

    private static string KindOf(string path)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException();
        using var held = LinuxPaths.Hold(path);
        return LinuxPaths.KindOf(held);
    }
}
