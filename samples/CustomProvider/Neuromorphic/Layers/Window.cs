namespace EdgeAI.Samples.Neuromorphic.Layers;

/// <summary>A window that slides along one axis, seen from the input: which windows does an element lie in?</summary>
/// <param name="Length">Elements in the window.</param>
/// <param name="Stride">Elements from one window to the next, 1 or more.</param>
/// <param name="Before">Elements of padding before the first.</param>
/// <param name="After">Elements of padding after the last.</param>
internal readonly record struct Window(int Length, int Stride, int Before, int After)
{
    /// <summary>How many windows there are.</summary>
    /// <exception cref="NotSupportedException">Not one fits.</exception>
    public nint OutputLength(nint length)
    {
        var room = length + Before + After - Length;
        return room >= 0 ? (room / Stride) + 1 : throw new NotSupportedException($"a window of {Length} does not fit in {length} elements");
    }

    /// <summary>The window in which an element is at an offset.</summary>
    public bool TryFind(int element, int offset, int outputLength, out int window)
    {
        var (start, rest) = Math.DivRem(element + Before - offset, Stride);
        window = start;
        return rest == 0 && start >= 0 && start < outputLength;
    }

    /// <summary>How many windows an element lies in.</summary>
    public int Reach(int element, int outputLength)
    {
        var reached = 0;
        for (var offset = 0; offset < Length; offset++) reached += TryFind(element, offset, outputLength, out _) ? 1 : 0;
        return reached;
    }
}
