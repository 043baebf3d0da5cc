using EdgeAI.Providers.Cuda.Sessions;

namespace EdgeAI.Providers.Cuda.Tests.Sessions;

[TestClass]
public sealed class CudaFaultsTests
{
    [TestMethod]
    [DataRow("CUDA failure 2: out of memory ; GPU=0 ; hostname=h ; file=cuda_allocator.cc ; line=41 ; expr=cudaMalloc((void**)&p, size);", "OutOfMemory")]
    [DataRow("BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 268435456", "OutOfMemory")]
    [DataRow("Available memory of 1024 is smaller than requested bytes of 4096", "OutOfMemory")]
    [DataRow("CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0", "OutOfMemory")]
    [DataRow("CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED ; GPU=0", "OutOfMemory")]
    [DataRow("CUDA error cudaErrorMemoryAllocation:out of memory", "OutOfMemory")]
    [DataRow("CUDA failure 700: an illegal memory access was encountered ; GPU=0", "Lost")]
    [DataRow("CUDA failure 719: unspecified launch failure ; GPU=0", "Lost")]
    [DataRow("CUDA failure 999: unknown error ; GPU=0", "Lost")]
    [DataRow("CUDA failure 702: the launch timed out and was terminated ; GPU=0", "Lost")]
    [DataRow("CUDA failure 710: device-side assert triggered ; GPU=0", "Lost")]
    [DataRow("CUDA failure 214: uncorrectable ECC error encountered ; GPU=0", "Lost")]
    [DataRow("CUDA error cudaErrorIllegalAddress:an illegal memory access was encountered", "Lost")]
    [DataRow("CUDNN failure 5000: CUDNN_STATUS_EXECUTION_FAILED ; cudaErrorLaunchFailure", "Lost")]
    [DataRow("an illegal memory access was encountered; then bad_alloc", "Lost")]
    [DataRow("CUDA failure 209: no kernel image is available for execution on the device ; GPU=0", "None")]
    [DataRow("CUDA failure 1: invalid argument ; GPU=0", "None")]
    [DataRow("CUBLAS failure 700: CUBLAS_STATUS_NOT_SUPPORTED ; GPU=0", "None")]
    [DataRow("CUDA failure 7000: something else", "None")]
    [DataRow("Non-zero status code returned while running Gather node. Name:'g' Status Message: indices element out of data bounds, idx=700", "None")]
    [DataRow("", "None")]
    public void Judge_Message_IsToldApart(string message, string expected) => Assert.AreEqual(expected, CudaFaults.Judge(message).ToString());
}
