namespace EdgeAI.Generation;

/// <summary>What a loaded model holds beside its engine.</summary>
internal sealed record LoadedDecoder(DecoderFolder Folder, GenerationModelInfo Model, DeviceLease Memory) : IDisposable
{
    public void Dispose()
    {
        Folder.Dispose();
        Memory.Dispose();
    }
}
