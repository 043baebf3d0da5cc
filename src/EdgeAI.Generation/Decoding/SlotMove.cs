namespace EdgeAI.Generation;

/// <summary>A sequence is moved to another slot, so that those decoded together stay neighbours.</summary>
internal readonly record struct SlotMove(int From, int To);
