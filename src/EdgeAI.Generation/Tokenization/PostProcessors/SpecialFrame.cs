namespace EdgeAI.Generation;

/// <summary>What a model's input has around a text.</summary>
/// <param name="Before">Set before it.</param>
/// <param name="After">Set after it.</param>
internal sealed record SpecialFrame(IReadOnlyList<int> Before, IReadOnlyList<int> After)
{
    public static SpecialFrame Empty { get; } = new([], []);

    /// <summary>This frame with another around it.</summary>
    public SpecialFrame Within(SpecialFrame outer) => new([.. outer.Before, .. Before], [.. After, .. outer.After]);
}
