namespace EdgeAI.Generation;

/// <summary>Bounds against hostile schemas; each is far over what people write.</summary>
internal static class GrammarLimits
{
    /// <summary>States of the whole automaton: about 20 MB at the limit.</summary>
    public const int States = 200_000;

    /// <summary>Members of all state sets that determinising makes: time and memory.</summary>
    public const int SetMembers = 8_000_000;

    public const int RuleStates = 400_000;

    public const int SchemaNodes = 50_000;

    public const int Alternatives = 512;

    public const int EnumValues = 10_000;

    public const int ValueDepth = 64;

    public const int Properties = 5_000;

    public const int Items = 10_000;

    public const int StringLength = 1_000_000;

    /// <summary>Code points where a pattern and a length meet: the states are multiplied.</summary>
    public const int PatternStringLength = 4_096;

    public const int PatternCharacters = 4_096;

    public const int PatternDepth = 100;

    public const int PatternStates = 20_000;

    public const int NumberStates = 50_000;

    public const int NumberDivisor = 10_000;

    /// <summary>Digits before the point where no bound asks for more: every integer fits a <see cref="long"/>.</summary>
    public const int IntegerDigits = 18;

    public const int FractionDigits = 15;

    public const int BoundDigits = 60;

    /// <summary>What the cached masks of one grammar may take.</summary>
    public const long MaskCacheBytes = 64L << 20;
}
