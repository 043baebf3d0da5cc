using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAI.OnnxRuntime.Interop;

/// <summary>Zero-terminated strings in native memory, encoded once. Not thread-safe while it is disposed.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private void* _block;

    /// <param name="values">The strings; none holds a NUL.</param>
    /// <param name="encoding">UTF-8 for names; UTF-16 for paths on Windows.</param>
    public NativeStrings(IReadOnlyList<string> values, Encoding encoding)
    {
        const int Terminator = 4;
        var pointers = (nuint)values.Count * (nuint)sizeof(nint);
        nuint bytes = 0;
        foreach (var value in values) bytes += (nuint)(encoding.GetByteCount(value) + Terminator);

        _block = NativeMemory.AllocZeroed(pointers + bytes);
        var at = (byte*)_block + pointers;
        for (var i = 0; i < values.Count; i++)
        {
            Pointers[i] = (nint)at;
            var room = encoding.GetByteCount(values[i]);
            at += encoding.GetBytes(values[i], new Span<byte>(at, room)) + Terminator;
        }
    }

    /// <summary>One pointer for each string.</summary>
    public nint* Pointers => (nint*)_block;

    public void Dispose()
    {
        NativeMemory.Free(_block);
        _block = null;
    }
}
