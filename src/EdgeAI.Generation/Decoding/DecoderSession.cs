using EdgeAI.Devices;

namespace EdgeAI.Generation;

/// <summary>How a device opens a decoder.</summary>
internal static class DecoderSession
{
    public static DeviceSessionOptions Options(int threads, TextGeneratorOptions options) => new()
    {
        Threads = threads,
        Settings = new Dictionary<string, string>(options.SessionSettings, StringComparer.Ordinal),
    };
}
