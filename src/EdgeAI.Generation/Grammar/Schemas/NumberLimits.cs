namespace EdgeAI.Generation;

/// <summary>Which numbers are allowed.</summary>
/// <param name="IsInteger">Whether they have no fraction.</param>
/// <param name="Low">The least; <see langword="null"/> for none.</param>
/// <param name="High">The greatest; <see langword="null"/> for none.</param>
/// <param name="Divisor">They are multiples of this, divided by ten to the power of <paramref name="DivisorDigits"/>; 0 for any.</param>
/// <param name="DivisorDigits">Digits after the point.</param>
internal sealed record NumberLimits(bool IsInteger, DecimalBound? Low, DecimalBound? High, int Divisor, int DivisorDigits);
