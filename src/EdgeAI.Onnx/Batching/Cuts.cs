using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>What a <c>Slice</c> keeps of one axis.</summary>
internal readonly record struct Cut(int Axis, Term Start, Term End, long Step)
{
    /// <summary>Whether it keeps the whole axis, however many rows there are.</summary>
    public bool Keeps(Term length) => Step == 1 && Start.Is(0) && (End == length || End.IsConstant && End.Factor >= int.MaxValue);

    /// <summary>How much is left of a length; <see langword="null"/> where it is not known.</summary>
    public Term? LengthOf(Term length)
    {
        if (Keeps(length)) return length;
        if (!length.IsConstant || !Start.IsConstant || !End.IsConstant || Step == 0) return null;
        var (start, end) = Range(length.Factor);
        var span = Step > 0 ? (Int128)end - start : (Int128)start - end;
        var stride = Int128.Abs(Step);
        return span <= 0 ? Term.Constant(0) : Term.Constant((long)((span + stride - 1) / stride));
    }

    /// <summary>The first place kept and the first one behind the last, as the specification of Slice clamps them.</summary>
    public (long Start, long End) Range(long length)
    {
        var start = Start.Factor < 0 ? long.Max(Start.Factor, -length - 1) + length : Start.Factor;
        var end = End.Factor < 0 ? long.Max(End.Factor, -length - 1) + length : End.Factor;
        return Step > 0 ? (long.Clamp(start, 0, length), long.Clamp(end, 0, length)) : (long.Clamp(start, -1, length - 1), long.Clamp(end, -1, length - 1));
    }
}

/// <summary>Reads a <c>Slice</c>, whose bounds are attributes up to version 9 and inputs from then on.</summary>
internal static class Cuts
{
    /// <summary>One cut an axis; <see langword="null"/>, with the node refused, where they cannot be told.</summary>
    public static ImmutableArray<Cut>? Of(NodeStep step, int rank)
    {
        ImmutableArray<Term> starts, ends;
        ImmutableArray<long> axes, steps = [];
        if (step.Version < 10)
        {
            starts = [.. (step.Ints("starts") ?? []).Select(Term.Constant)];
            ends = [.. (step.Ints("ends") ?? []).Select(Term.Constant)];
            axes = step.Ints("axes") ?? [];
        }
        else
        {
            axes = [];
            if (!Bounds(step, 1, out starts) || !Bounds(step, 2, out ends)) return null;
            if (step.HasInput(3) && !step.TryConstants(3, out axes)) return null;
            if (step.HasInput(4) && !step.TryConstants(4, out steps)) return null;
        }

        if (axes.IsEmpty) axes = [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        if (steps.IsEmpty) steps = [.. axes.Select(_ => 1L)];
        if (starts.Length != axes.Length || ends.Length != axes.Length || steps.Length != axes.Length)
        {
            step.Refuse("names not as many bounds as axes");
            return null;
        }

        var cuts = ImmutableArray.CreateBuilder<Cut>(axes.Length);
        for (var index = 0; index < axes.Length; index++)
        {
            if (!step.TryAxis(axes[index], rank, out var axis)) return null;
            cuts.Add(new Cut(axis, starts[index], ends[index], steps[index]));
        }

        return cuts.MoveToImmutable();
    }

    /// <summary>Bounds that all mates share but nobody knows are as good as known ones: they cannot tell the rows apart.</summary>
    private static bool Bounds(NodeStep step, int input, out ImmutableArray<Term> bounds)
    {
        if (step.HasInput(input) && step.Inputs[input] is { IsShared: true, Elements: null, Shape: [{ IsConstant: true, Factor: >= 0 and <= BatchValue.MaxElements } count] })
        {
            bounds = [.. Enumerable.Range(0, (int)count.Factor).Select(_ => step.Symbols.NewNumber())];
            return true;
        }

        return step.TryNumbers(input, out bounds);
    }
}
