namespace EdgeAI.Engine;

/// <summary>Whether callers of one model can be answered by another. Pure.</summary>
internal static class SignatureComparison
{
    /// <summary>The first difference in names, types or ranks, in words; <see langword="null"/> where there is none.</summary>
    public static string? FindDifference(ModelSignature current, ModelSignature next) =>
        FindDifference("input", current.Inputs, next.Inputs) ?? FindDifference("output", current.Outputs, next.Outputs);

    private static string? FindDifference(string role, IReadOnlyList<TensorSpec> current, IReadOnlyList<TensorSpec> next)
    {
        foreach (var spec in current)
        {
            var match = next.FirstOrDefault(other => other.Name == spec.Name);
            if (match is null) return $"it lacks the {role} '{spec.Name}'";
            if (match.ElementType != spec.ElementType) return $"its {role} '{spec.Name}' holds {match.ElementType.ToName()} instead of {spec.ElementType.ToName()}";
            if (match.HasRank && spec.HasRank && match.Lengths.Length != spec.Lengths.Length) return $"its {role} '{spec.Name}' has {match.Lengths.Length} axes instead of {spec.Lengths.Length}";
        }

        var extra = next.FirstOrDefault(other => current.All(spec => spec.Name != other.Name));
        return extra is null ? null : $"it has another {role}, '{extra.Name}'";
    }
}
