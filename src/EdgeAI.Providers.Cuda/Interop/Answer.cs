namespace EdgeAI.Providers.Cuda.Interop;

/// <summary>What a driver function said: its code, and its value where the code is 0. "Not supported" is a normal answer.</summary>
/// <param name="Code">The function's result; 0 is success in both NVML and the CUDA driver API.</param>
/// <param name="Value">The value; the default where there is none.</param>
internal readonly record struct Answer<T>(int Code, T? Value)
{
    public bool IsOk => Code == 0;

    public static Answer<T> Failed(int code) => new(code, default);
}
