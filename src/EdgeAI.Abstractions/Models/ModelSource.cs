using System.Diagnostics.CodeAnalysis;

namespace EdgeAI;

/// <summary>Where a model comes from: a file or bytes in memory. Immutable; equal sources share one loaded model.</summary>
public sealed class ModelSource : IEquatable<ModelSource>
{
    private ModelSource(string id, string? path, ReadOnlyMemory<byte> bytes)
    {
        Id = id;
        Path = path;
        Bytes = bytes;
    }

    /// <summary>The name of the source in logs and errors: the full path, or the identifier given with the bytes.</summary>
    public string Id { get; }

    /// <summary>The full path; <see langword="null"/> for bytes.</summary>
    public string? Path { get; }

    /// <summary>The model's bytes; empty for a file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether the model is a file.</summary>
    [MemberNotNullWhen(true, nameof(Path))]
    public bool IsFile => Path is not null;

    /// <summary>A model file. It is not touched before the model is loaded.</summary>
    /// <param name="path">Absolute, or relative to the current directory of this moment.</param>
    /// <exception cref="ArgumentException">The path is empty or malformed.</exception>
    public static ModelSource FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = System.IO.Path.GetFullPath(path);
        return new ModelSource(full, full, default);
    }

    /// <summary>A model in memory, which must stay unchanged until it is loaded. External data is refused: there is no folder to look in.</summary>
    /// <param name="model">The serialized model.</param>
    /// <param name="id">Names the model; two sources are the same when both the identifier and the memory are.</param>
    public static ModelSource FromBytes(ReadOnlyMemory<byte> model, string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        return new ModelSource(id, null, model);
    }

    /// <inheritdoc/>
    public bool Equals(ModelSource? other) => other is not null && Id == other.Id && Path == other.Path && Bytes.Equals(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ModelSource);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Path, Bytes);

    /// <summary>The <see cref="Id"/>.</summary>
    public override string ToString() => Id;
}
