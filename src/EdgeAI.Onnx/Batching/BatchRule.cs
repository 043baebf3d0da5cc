namespace EdgeAI.Onnx;

/// <summary>Under which conditions an operator keeps rows apart, and what then is known of its outputs.</summary>
/// <param name="Apply">Sets the outputs of a node or refuses it.</param>
/// <param name="CountInputs">Positions at which the rule reads shapes, one bit each: elsewhere the number of rows is refused, for it would become data.</param>
internal readonly record struct BatchRule(Action<NodeStep> Apply, ulong CountInputs = 0)
{
    public bool MayCountRows(int input) => input < 64 && (CountInputs >> input & 1) != 0;
}
