using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>
/// What is known about a value of the graph. One of three: it has rows along <see cref="Axis"/>, whose index is row times
/// multiple plus place within the row; it counts rows, as a shape does; or it is the same for all mates of a batch. Immutable.
/// </summary>
internal sealed class BatchValue
{
    /// <summary>More elements than any shape has are not followed.</summary>
    public const int MaxElements = 64;

    private BatchValue(int? axis, ImmutableArray<Term>? shape, ImmutableArray<Term>? elements, bool isFollowed = true)
    {
        Axis = axis;
        Shape = shape;
        Elements = elements;
        IsFollowed = isFollowed;
        CountsRows = elements is { } numbers && numbers.Any(number => number.HasRows);
    }

    /// <summary>A value that is the same for all mates, and nothing else known.</summary>
    public static BatchValue Unknown { get; } = new(null, null, null);

    /// <summary>A value of which not even that is known: nothing may use it.</summary>
    public static BatchValue Unfollowed { get; } = new(null, null, null, isFollowed: false);

    /// <summary>The axis that the rows lie along.</summary>
    public int? Axis { get; }

    /// <summary>The lengths of its axes; <see langword="null"/> where not even their number is known.</summary>
    public ImmutableArray<Term>? Shape { get; }

    /// <summary>Its elements, where they are few numbers.</summary>
    public ImmutableArray<Term>? Elements { get; }

    public bool IsFollowed { get; }

    public bool HasRows => Axis is not null;

    /// <summary>Whether it tells how many rows there are.</summary>
    public bool CountsRows { get; }

    /// <summary>Whether it is the same for all mates.</summary>
    public bool IsShared => !HasRows && !CountsRows && IsFollowed;

    public int Rank => Shape?.Length ?? -1;

    /// <summary>The length along the rows' axis.</summary>
    public Term RowLength => Shape!.Value[Axis!.Value];

    public static BatchValue Shared(ImmutableArray<Term>? shape) => new(null, shape, null);

    /// <summary>A value of that shape, with the rows where the shape has the number of rows.</summary>
    /// <returns>The value; <see langword="null"/> where the number of rows is in two places, or not alone.</returns>
    public static BatchValue? Shaped(ImmutableArray<Term> shape)
    {
        var axis = -1;
        for (var index = 0; index < shape.Length; index++)
        {
            if (!shape[index].HasRows) continue;
            if (axis >= 0 || !shape[index].IsMultipleOfRows) return null;
            axis = index;
        }

        return axis < 0 ? Shared(shape) : new BatchValue(axis, shape, null);
    }

    /// <summary>Numbers, row-major.</summary>
    public static BatchValue Numbers(ImmutableArray<Term> shape, ImmutableArray<Term> elements) => new(null, shape, elements);

    /// <summary>Numbers along one axis.</summary>
    public static BatchValue Vector(ImmutableArray<Term> elements) => Numbers([Term.Constant(elements.Length)], elements);

    public static BatchValue Scalar(Term value) => Numbers([], [value]);
}
