using EdgeAI.Providers.Cuda.Libraries;

namespace EdgeAI.Providers.Cuda.Tests.Libraries;

[TestClass]
public sealed class LoaderMessageTests
{
    private const string Library = "/app/libonnxruntime_providers_cuda.so";

    [TestMethod]
    [DataRow("Failed to load library /app/libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No such file or directory", "needs libcublasLt.so.12; install the CUDA 12 toolkit")]
    [DataRow("Failed to load library /app/libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object file: No such file or directory", "needs libcudnn.so.9; install cuDNN 9")]
    [DataRow("libcufft.so.11: cannot open shared object file: No such file or directory", "cuFFT 11")]
    [DataRow("libcuda.so.1: cannot open shared object file: No such file or directory", "install the NVIDIA driver")]
    [DataRow("libonnxruntime_providers_shared.so: cannot open shared object file", "beside ONNX Runtime")]
    [DataRow("Failed to load library /app/libonnxruntime_providers_cuda.so with error: /app/libonnxruntime_providers_cuda.so: cannot open shared object file: No such file or directory", "is not there")]
    [DataRow("Error loading \"onnxruntime_providers_cuda.dll\" which depends on \"cublasLt64_13.dll\" which is missing. (Error 126: \"The specified module could not be found.\")", "needs cublasLt64_13.dll; install the CUDA 13 toolkit's runtime libraries and add their folder to PATH")]
    [DataRow("LoadLibrary failed with error 126 \"\" when trying to load \"onnxruntime_providers_cuda.dll\"", "error 126")]
    [DataRow("LoadLibrary failed with error 127 \"\"", "another version")]
    [DataRow("%1 is not a valid Win32 application. Error: 193", "another operating system or processor")]
    [DataRow("/lib/libc.so.6: version `GLIBC_2.38' not found (required by /app/libonnxruntime_providers_cuda.so)", "needs GLIBC_2.38")]
    [DataRow("/app/x.so: invalid ELF header", "another operating system or processor")]
    [DataRow("Failed to get symbol CreateEpFactories with error: /app/x.so: undefined symbol: CreateEpFactories", "no plugin library")]
    [DataRow("/app/x.so: undefined symbol: cudaGetDriverEntryPoint_ptsz, version libcudart.so.12", "finds no cudaGetDriverEntryPoint_ptsz")]
    [DataRow("CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0", "install a newer driver")]
    [DataRow("something new.", "cannot be loaded (something new)")]
    public void Explain_Message_SaysWhatToDo(string message, string expected)
    {
        var explained = LoaderMessage.Explain(Library, message);

        Assert.StartsWith(Library, explained);
        Assert.Contains(expected, explained);
        Assert.DoesNotEndWith(".", explained);
    }

    [TestMethod]
    public void FindMissing_SeveralFiles_NamesEachOnce() =>
        CollectionAssert.AreEqual(
            new[] { "libcudart.so.12", "libcudnn.so.9" },
            LoaderMessage.FindMissing("libcudart.so.12: cannot open shared object file\nlibcudnn.so.9: cannot open shared object file\nlibcudart.so.12: cannot open shared object file").ToArray());
}
