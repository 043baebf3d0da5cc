using EdgeAI.Batching;
using EdgeAI.Devices;
using EdgeAI.Sessions;

namespace EdgeAI.Tuning;

/// <summary>
/// Tries whether requests influence each other: a row is run alone and then between two extreme ones, and has to give the same answer to rounding. What a
/// graph promises, a runtime's kernels must keep.
/// </summary>
internal static class BatchProbe
{
    private const double Extreme = 1e4;

    /// <summary>Why requests must not share a run; <see langword="null"/> where they may. Blocks: not for pool threads.</summary>
    public static string? FindProblem(PlannedLanes lanes, ShapeSample sample, BatchLayout layout, CancellationToken cancellationToken)
    {
        using var use = lanes.Use();
        using var binding = lanes.CreateBinding(0);
        var alone = Run(binding, lanes, sample.Create(layout, 1), cancellationToken);
        try
        {
            var among = Run(binding, lanes, sample.Create(layout, 3, (row, number) => row == 1 ? number : row == 0 ? Extreme : -Extreme * number), cancellationToken);
            try
            {
                return Compare(alone, among, lanes.Sessions[0].Signature, layout);
            }
            finally
            {
                Drop(among);
            }
        }
        finally
        {
            Drop(alone);
        }
    }

    private static TensorValue?[] Run(ISessionBinding binding, PlannedLanes lanes, TensorValue[] inputs, CancellationToken cancellationToken)
    {
        var outputs = new TensorValue?[lanes.Sessions[0].Signature.Outputs.Count];
        try
        {
            for (var i = 0; i < inputs.Length; i++) binding.SetInput(i, inputs[i]);
            LaneThread.Wait(binding.RunAsync(cancellationToken));
            foreach (var i in lanes.TensorOutputs) outputs[i] = binding.GetOutput(i);
            return outputs;
        }
        catch
        {
            Drop(outputs);
            throw;
        }
        finally
        {
            Drop(inputs);
        }
    }

    private static string? Compare(TensorValue?[] alone, TensorValue?[] among, ModelSignature signature, BatchLayout layout)
    {
        for (var i = 0; i < alone.Length; i++)
        {
            if (alone[i] is not { } one || among[i] is not { } three) continue;
            var name = signature.Outputs[i].Name;
            var axis = layout.OutputAxes[i];
            if (axis == BatchLayout.Shared)
            {
                if (!AnswerComparison.Agree(one, three)) return $"output '{name}' has no batch axis and changes with the other requests of a run";
                continue;
            }

            if (axis >= one.Lengths.Length || axis >= three.Lengths.Length || one.Lengths[axis] != 1 || three.Lengths[axis] != 3)
            {
                return $"output '{name}' has the shape {TensorShape.Format(three.Lengths)} for three requests, and {TensorShape.Format(one.Lengths)} for one";
            }

            using var row = TensorValue.Create(new NativeBuffer(one.ElementType.ByteLength(one.ElementCount), clear: true), one.ElementType, one.Lengths);
            TensorBytes.CopyRows(three, 1, row, 0, 1, axis);
            if (!AnswerComparison.Agree(one, row)) return $"a request's output '{name}' changes with extreme values in the other requests of a run";
        }

        return null;
    }

    private static void Drop(IEnumerable<TensorValue?> tensors)
    {
        foreach (var tensor in tensors) tensor?.Dispose();
    }
}
