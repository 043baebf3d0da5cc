using System.IO.MemoryMappedFiles;

namespace EdgeAI.Onnx;

/// <summary>
/// A file with weights beside the model: checked, opened once, and mapped read-only into memory when its address is first
/// asked for. Valid while the <see cref="OnnxModelDescriptor"/> that it came from is retained. Thread-safe.
/// </summary>
/// <remarks>The file must not be shortened while it is mapped: reading past its new end ends the process, whoever reads.</remarks>
public sealed unsafe class OnnxExternalFile : IDisposable
{
    private readonly Lock _mapping = new();
    private readonly string _modelId;
    private MemoryMappedFile? _map;
    private MemoryMappedViewAccessor? _view;
    private byte* _address;
    private bool _isDisposed;

    internal OnnxExternalFile(string location, FileSource source, string modelId)
    {
        Location = location;
        Source = source;
        _modelId = modelId;
    }

    /// <summary>The file as the model names it, relative to the model's folder.</summary>
    public string Location { get; }

    /// <summary>The file's size in bytes.</summary>
    public long Length => Source.Length;

    /// <summary>Where the whole file is mapped; 0 for an empty file.</summary>
    /// <exception cref="ModelLoadException">The file has become shorter since it was checked, or cannot be mapped.</exception>
    /// <exception cref="ObjectDisposedException">The descriptor has been freed.</exception>
    public nint Address
    {
        get
        {
            lock (_mapping)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                if (_address is null && Length > 0) Map();
                return (nint)_address;
            }
        }
    }

    internal FileSource Source { get; }

    /// <summary>
    /// Tells the system that the mapped contents are not needed for now, so that they stop counting as this process's memory: worth calling when a runtime has made its own copy of
    /// most of it. What is read again is read from the file again. Does nothing on systems other than Linux, and where nothing is mapped.
    /// </summary>
    public void DropPages()
    {
        lock (_mapping)
        {
            if (_address is not null && OperatingSystem.IsLinux()) LinuxPages.Drop((nint)_address, (nuint)Length);
        }
    }

    /// <summary>Unmaps and closes the file; called when the descriptor is freed.</summary>
    public void Dispose()
    {
        lock (_mapping)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            if (_address is not null) _view!.SafeMemoryMappedViewHandle.ReleasePointer();
            _address = null;
            _view?.Dispose();
            _map?.Dispose();
            Source.Dispose();
        }
    }

    private void Map()
    {
        try
        {
            var length = RandomAccess.GetLength(Source.Handle);
            if (length < Length) throw new ModelLoadException($"'{Location}' had {Length} bytes when it was checked and has {length} now; do not write to a model's files while it is loaded.", _modelId);
            _map = MemoryMappedFile.CreateFromFile(Source.Handle, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _address);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            throw new ModelLoadException($"'{Location}' cannot be mapped into memory: {error.Message}", _modelId, error);
        }
    }
}
