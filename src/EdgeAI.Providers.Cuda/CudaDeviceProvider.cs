namespace EdgeAI.Providers.Cuda;

internal static class CudaDeviceProvider
{
    public const string ProviderName = "cuda";
}
