namespace EdgeAI.OnnxRuntime.Tests.Environment;

[TestClass]
public sealed class OnnxRuntimeLibraryTests
{
    [TestMethod]
    public void Check_NativePackageReferenced_IsOk()
    {
        var check = OnnxRuntimeLibrary.Check();

        Assert.IsTrue(check.Ok, check.ToString());
        Assert.AreEqual(OnnxRuntimeLibrary.ExpectedVersion, check.FoundVersion);
        Assert.IsNull(check.Fix);
        StringAssert.Contains(check.Message, "onnxruntime", "the message names the file");
    }

    [TestMethod]
    public void Check_NoLibrary_SaysWhatToReference()
    {
        var check = OnnxRuntimeLibrary.Check(new NativeLibraryFinding(null, null, "Unable to load shared library 'onnxruntime'"), "1.31.1");

        Assert.IsFalse(check.Ok);
        Assert.IsNull(check.FoundVersion);
        StringAssert.Contains(check.Message, "1.31.1");
        StringAssert.Contains(check.Message, "Unable to load shared library");
        StringAssert.Contains(check.Fix, "Microsoft.ML.OnnxRuntime 1.31.1");
    }

    [TestMethod]
    [DataRow("1.17.0")]
    [DataRow("1.30.9")]
    [DataRow("1.32.0")]
    [DataRow("2.31.1")]
    [DataRow("nonsense")]
    public void Check_OtherVersion_NamesBothAndTheFile(string found)
    {
        var check = OnnxRuntimeLibrary.Check(new NativeLibraryFinding(found, @"C:\Windows\System32\onnxruntime.dll", null), "1.31.1");

        Assert.IsFalse(check.Ok);
        Assert.AreEqual(found, check.FoundVersion);
        StringAssert.Contains(check.Message, found);
        StringAssert.Contains(check.Message, "1.31.1");
        StringAssert.Contains(check.Message, @"C:\Windows\System32\onnxruntime.dll");
        Assert.IsNotNull(check.Fix);
    }

    [TestMethod]
    [DataRow("1.31.0")]
    [DataRow("1.31.2")]
    [DataRow("1.31.1-dev+abc")]
    public void Check_OtherPatch_IsOk(string found) =>
        Assert.IsTrue(OnnxRuntimeLibrary.Check(new NativeLibraryFinding(found, null, null), "1.31.1").Ok);
}
