namespace EdgeAI.Testing;

/// <summary>Whether a tensor may be bound to an input or output.</summary>
internal static class TensorFit
{
    /// <exception cref="InvalidInputException">Type, lengths or place do not fit; lists every problem.</exception>
    public static void Require(SimulatedSession session, TensorSpec spec, TensorValue value)
    {
        var isReachable = value.ElementType == TensorElementType.String || value.IsHostAccessible == session.Memory.IsHostAccessible;
        if (value.ElementType == spec.ElementType && FitsLengths(spec, value.Lengths) && isReachable) return;

        var problems = new List<string>();
        if (value.ElementType != spec.ElementType) problems.Add($"'{spec.Name}' is {spec.ElementType.ToName()} but the tensor is {value.ElementType.ToName()}");
        if (!FitsLengths(spec, value.Lengths)) problems.Add($"'{spec.Name}' is {spec} but the tensor has the lengths {TensorShape.Format(value.Lengths)}");
        if (!isReachable)
        {
            problems.Add(value.IsHostAccessible
                ? $"the tensor for '{spec.Name}' lies in host memory, which {session.Device.Info.Id} cannot reach; allocate it through IDeviceSession.Memory and copy"
                : $"the tensor for '{spec.Name}' lies on a device, which {session.Device.Info.Id} cannot reach; give a host tensor");
        }

        throw new InvalidInputException(problems, session.Signature);
    }

    private static bool FitsLengths(TensorSpec spec, ReadOnlySpan<nint> lengths)
    {
        if (!spec.HasRank) return true;
        if (lengths.Length != spec.Lengths.Length) return false;
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            if (spec.Lengths[axis] >= 0 && spec.Lengths[axis] != lengths[axis]) return false;
        }

        return true;
    }
}
