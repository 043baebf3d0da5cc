using EdgeAI.Configuration;

namespace EdgeAI.Engine;

/// <summary>What makes two loads the same: the source, the file's stamp (a changed file is another model) and the settings.</summary>
internal readonly record struct ModelKey(ModelSource Source, long FileLength, long LastWriteUtcTicks, string Settings)
{
    public static ModelKey Of(ModelSource source, ModelSettings settings)
    {
        if (!source.IsFile) return new ModelKey(source, 0, 0, settings.Fingerprint);
        var file = new FileInfo(source.Path);
        return file.Exists
            ? new ModelKey(source, file.Length, file.LastWriteTimeUtc.Ticks, settings.Fingerprint)
            : new ModelKey(source, 0, 0, settings.Fingerprint);
    }
}
