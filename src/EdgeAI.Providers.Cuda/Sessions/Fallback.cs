namespace EdgeAI.Providers.Cuda.Sessions;

/// <summary>Nodes that run on the CPU inside a session on the GPU.</summary>
/// <param name="Operators">Their operators, each once.</param>
/// <param name="Count">How many nodes they are.</param>
/// <param name="NodeCount">How many nodes the model has.</param>
/// <param name="IsWhole">Whether nothing at all runs on the GPU.</param>
internal sealed record Fallback(IReadOnlyList<string> Operators, int Count, int NodeCount, bool IsWhole)
{
    private const int Named = 8;

    /// <summary>One line without its full stop.</summary>
    public override string ToString()
    {
        var names = string.Join(", ", Operators.Take(Named)) + (Operators.Count > Named ? $" and {Operators.Count - Named} more" : "");
        return IsWhole
            ? $"none of its {NodeCount} nodes runs on the GPU ({names}); ONNX Runtime's log tells why the CUDA execution provider took none (category EdgeAI.OnnxRuntime)"
            : $"{Count} of its {NodeCount} nodes run on the CPU inside the session, because the CUDA execution provider has no kernel for them: {names}";
    }
}
