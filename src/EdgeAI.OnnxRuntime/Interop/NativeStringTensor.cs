using System.Buffers;
using System.Text;

namespace EdgeAI.OnnxRuntime.Interop;

/// <summary>Strings in and out of a native string tensor, as UTF-8 of any content (a NUL included).</summary>
internal static unsafe class NativeStringTensor
{
    public static void Fill(nint value, ReadOnlySpan<string> strings)
    {
        for (var i = 0; i < strings.Length; i++)
        {
            var byteLength = Encoding.UTF8.GetByteCount(strings[i]);
            byte* buffer;
            NativeError.ThrowIfFailed(NativeApi.GetResizedStringElementBuffer(value, (nuint)i, (nuint)byteLength, &buffer));
            Encoding.UTF8.GetBytes(strings[i], new Span<byte>(buffer, byteLength));
        }
    }

    public static string[] Read(nint value, int count)
    {
        if (count == 0) return [];
        nuint total;
        NativeError.ThrowIfFailed(NativeApi.GetStringTensorDataLength(value, &total));
        var bytes = ArrayPool<byte>.Shared.Rent(checked((int)total) + 1);
        var offsets = ArrayPool<nuint>.Shared.Rent(count);
        try
        {
            fixed (byte* content = bytes)
            fixed (nuint* starts = offsets)
            {
                NativeError.ThrowIfFailed(NativeApi.GetStringTensorContent(value, content, total, starts, (nuint)count));
            }

            var strings = new string[count];
            for (var i = 0; i < count; i++)
            {
                var end = i + 1 < count ? offsets[i + 1] : total;
                strings[i] = Encoding.UTF8.GetString(bytes.AsSpan((int)offsets[i], (int)(end - offsets[i])));
            }

            return strings;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<nuint>.Shared.Return(offsets);
        }
    }
}
