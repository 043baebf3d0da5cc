namespace EdgeAI.Generation;

/// <summary>What the decoder does next.</summary>
/// <param name="Kind">What sort of step.</param>
/// <param name="Sequence">Whose prompt is computed; <see langword="null"/> for a step of several.</param>
/// <param name="Count">Tokens of the prompt, or neighbouring slots.</param>
/// <param name="FirstSlot">The first of the slots that are decoded together.</param>
internal readonly record struct DecodingStep(DecodingStepKind Kind, GenerationSequence? Sequence = null, int Count = 0, int FirstSlot = 0);
