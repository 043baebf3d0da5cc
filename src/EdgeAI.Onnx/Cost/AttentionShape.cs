using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>The lengths in a fused attention node, read in the form of each operator; they also give the shapes of its outputs. Immutable.</summary>
/// <param name="Batch">Sequences.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyHeads">Key and value heads.</param>
/// <param name="Queries">Positions that attend.</param>
/// <param name="Keys">Positions that are attended to, those of a cache among them.</param>
/// <param name="KeySize">Elements of a head's query and key.</param>
/// <param name="ValueSize">Elements of a head's value.</param>
internal sealed record AttentionShape(long Batch, long Heads, long KeyHeads, long Queries, long Keys, long KeySize, long ValueSize)
{
    /// <summary>Whether the number of keys is the most that there may be, because the inputs say only at run time.</summary>
    public bool IsAssumed { get; init; }

    /// <summary>Whether heads are an axis of the result instead of part of the last one.</summary>
    public bool HasHeadAxis { get; init; }

    public ImmutableArray<Term> Result => HasHeadAxis ? Terms(Batch, Heads, Queries, ValueSize) : Terms(Batch, Queries, Heads * ValueSize);

    public ImmutableArray<Term> PresentKeys => Terms(Batch, KeyHeads, Keys, KeySize);

    public ImmutableArray<Term> PresentValues => Terms(Batch, KeyHeads, Keys, ValueSize);

    /// <summary>ONNX Attention: Q, K, V, mask, past key, past value; of three axes or of four.</summary>
    public static AttentionShape? Standard(NodeStep step)
    {
        if (Lengths(step, 0) is not { } q || Lengths(step, 1) is not { } k || Lengths(step, 2) is not { } v || q.Length != k.Length || k.Length != v.Length) return null;
        var past = Lengths(step, 4) is { Length: 4 } cache ? cache[2] : 0;
        if (q.Length == 4) return new AttentionShape(q[0], q[1], k[1], q[2], k[2] + past, q[3], v[3]) { HasHeadAxis = true };
        var (heads, keyHeads) = (step.Int("q_num_heads", 0), step.Int("kv_num_heads", 0));
        return q.Length == 3 && heads > 0 && keyHeads > 0 ? new AttentionShape(q[0], heads, keyHeads, q[1], k[1] + past, q[2] / heads, v[2] / keyHeads) : null;
    }

    /// <summary>Com.microsoft Attention: input, weights, bias, mask, past.</summary>
    public static AttentionShape? SelfAttention(NodeStep step)
    {
        var heads = step.Int("num_heads", 0);
        if (Lengths(step, 0) is not { Length: 3 } x || Lengths(step, 1) is not { Length: 2 } w || heads <= 0) return null;
        var sizes = step.Ints("qkv_hidden_sizes") is { Length: 3 } given ? given : [w[1] / 3, w[1] / 3, w[1] / 3];
        var past = Lengths(step, 4) is { Length: 5 } cache ? cache[3] : 0;
        return new AttentionShape(x[0], heads, heads, x[1], x[1] + past, sizes[0] / heads, sizes[2] / heads);
    }

    /// <summary>Com.microsoft MultiHeadAttention: query, key, value, bias, mask, attention bias, past key, past value.</summary>
    public static AttentionShape? MultiHead(NodeStep step)
    {
        var heads = step.Int("num_heads", 0);
        if (Lengths(step, 0) is not { Length: 3 } q || Lengths(step, 1) is not { } k || Lengths(step, 2) is not { } v || heads <= 0) return null;
        var past = Lengths(step, 6) is { Length: 4 } cache ? cache[2] : 0;
        if (k.Length == 4 && v.Length == 4) return new AttentionShape(q[0], heads, heads, q[1], k[2] + past, q[2] / heads, v[3]);
        return k.Length == 3 && v.Length == 3 ? new AttentionShape(q[0], heads, heads, q[1], k[1] + past, q[2] / heads, v[2] / heads) : null;
    }

    /// <summary>Com.microsoft GroupQueryAttention: query, key, value, past key, past value, lengths of the sequences, total length. Without key and value the query holds all three.</summary>
    public static AttentionShape? GroupQuery(NodeStep step)
    {
        var (heads, keyHeads) = (step.Int("num_heads", 0), step.Int("kv_num_heads", 0));
        if (Lengths(step, 0) is not { Length: 3 } q || heads <= 0 || keyHeads <= 0) return null;
        var size = q[2] / (step.HasInput(1) ? heads : heads + (2 * keyHeads));
        var past = Lengths(step, 3) is { Length: 4 } cache ? cache[2] : 0;
        var total = step.HasInput(6) && step.Inputs[6]!.Elements is [{ IsConstant: true, Factor: > 0 } known] ? known.Factor : (long?)null;
        return new AttentionShape(q[0], heads, keyHeads, q[1], total ?? past + q[1], size, size) { IsAssumed = total is null && past > 0 };
    }

    private static long[]? Lengths(NodeStep step, int input) =>
        step.HasInput(input) && step.Inputs[input]!.Shape is { } shape && shape.All(length => length is { IsConstant: true, Factor: >= 0 }) ? [.. shape.Select(length => length.Factor)] : null;

    private static ImmutableArray<Term> Terms(params ReadOnlySpan<long> lengths)
    {
        var terms = ImmutableArray.CreateBuilder<Term>(lengths.Length);
        foreach (var length in lengths) terms.Add(Term.Constant(length));
        return terms.MoveToImmutable();
    }
}
