namespace EdgeAI.Batching;

/// <summary>What requests of one kind look like, and how often they come.</summary>
/// <param name="Group">Their group.</param>
/// <param name="Uses">About how many there were.</param>
/// <param name="Lengths">The lengths of each input of the first one.</param>
/// <param name="Contents">The contents of inputs that all of them share, and of single numbers where requests run singly; <see langword="null"/> for other inputs.</param>
internal sealed record KnownShape(ShapeGroup Group, long Uses, nint[][] Lengths, byte[]?[] Contents);
