namespace EdgeAI.Generation;

/// <summary>Where a sequence is computed, and which rows it starts with.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="SourceSlot">Whose rows it starts with: its own, or another's, to be copied; -1 for none of the slots'.</param>
/// <param name="Rows">How many rows that are.</param>
/// <param name="DiscardedRows">Rows of an earlier sequence that are lost by it.</param>
internal readonly record struct SlotPlacement(int Slot, int SourceSlot, int Rows, int DiscardedRows);
