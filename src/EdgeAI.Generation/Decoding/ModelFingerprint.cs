using System.Security.Cryptography;
using System.Text;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>
/// Tells models apart: a hash of the graph's file whole, and of the names, lengths and samples of the weight files, since reading gigabytes at each start would cost what is to be saved.
/// </summary>
internal static unsafe class ModelFingerprint
{
    private const int Samples = 256, SampleBytes = 4096;

    /// <summary>32 bytes.</summary>
    public static byte[] Of(OnnxModelDescriptor model)
    {
        var content = model.GetService<OnnxModelContent>()!;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(content.GetModelBytes().Span);
        foreach (var file in content.ExternalFiles)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file.Location));
            hash.AppendData(BitConverter.GetBytes(file.Length));
            var address = (byte*)file.Address;
            for (var i = 0L; i < Samples; i++)
            {
                var start = file.Length / Samples * i;
                hash.AppendData(new ReadOnlySpan<byte>(address + start, (int)Math.Min(SampleBytes, file.Length - start)));
            }
        }

        return hash.GetHashAndReset();
    }
}
