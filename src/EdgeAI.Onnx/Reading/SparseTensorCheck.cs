namespace EdgeAI.Onnx;

/// <summary>Whether a sparse tensor can be made dense: runtimes do so while they load it, and write where its indices say.</summary>
internal static class SparseTensorCheck
{
    // A dense copy is not bounded by the size of the file, so it needs a bound of its own: protobuf's.
    private const long MaxDenseBytes = int.MaxValue;

    /// <summary>What is wrong; <see langword="null"/> where nothing is.</summary>
    public static string? FindProblem(OnnxSparseTensor sparse)
    {
        var values = sparse.Values;
        if (values.ElementType == TensorElementType.String) return "holds strings, which no runtime supports";
        if (values.Lengths.Length != 1) return $"has values of rank {values.Lengths.Length}; expected rank 1";
        if (sparse.Lengths.IsEmpty) return "has no axes; expected at least one";
        foreach (var length in sparse.Lengths)
        {
            if (length == 0) return "has an axis of length 0; expected 1 or more";
        }

        TensorShape.TryGetElementCount(sparse.Lengths, out var denseCount);
        if ((long)values.ElementType.ByteLength(denseCount) > MaxDenseBytes) return $"takes more than {MaxDenseBytes} bytes when made dense";

        var stored = values.Lengths[0];
        if (sparse.Indices is not { } indices) return stored == 0 ? null : "has values but no indices";
        if (indices.ElementType != TensorElementType.Int64) return $"has indices of type {indices.ElementType.ToName()}; expected int64";
        var rank = sparse.Lengths.Length;
        var isLinear = indices.Lengths.Length == 1;
        if (indices.Lengths.Length is not (1 or 2) || indices.Lengths[0] != stored || (!isLinear && indices.Lengths[1] != rank))
        {
            return $"has indices of shape {TensorShape.Format(indices.Lengths)}; expected [{stored}] or [{stored},{rank}]";
        }

        if (indices.Data.Length > MaxDenseBytes) return $"has more than {MaxDenseBytes} bytes of indices";
        return FindBadIndex(indices.ToArray<long>(), isLinear, sparse.Lengths, denseCount);
    }

    private static string? FindBadIndex(long[] indices, bool isLinear, ReadOnlySpan<nint> lengths, nint denseCount)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            var limit = isLinear ? denseCount : lengths[i % lengths.Length];
            if (indices[i] < 0 || indices[i] >= limit) return $"has an index of {indices[i]}; expected 0 to {limit - 1}";
        }

        return null;
    }
}
