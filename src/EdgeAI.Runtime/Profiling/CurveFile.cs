namespace EdgeAI.Profiling;

/// <summary>How a <see cref="SweepResult"/> lies on disk.</summary>
internal sealed record CurveFile(int Format, CurveKey Key, LanePlan Plan, int MaxBatch, IReadOnlyList<CurveFile.Measured> Curves)
{
    /// <summary>Raised when the meaning of a field changes.</summary>
    public const int CurrentFormat = 2;

    public static CurveFile From(CurveKey key, SweepResult result) =>
        new(CurrentFormat, key, result.Plan, result.MaxBatch, [.. result.Curves.Select(curves => new Measured(curves.Plan, curves.Alone.Points, curves.Crowded.Points))]);

    /// <summary>The result, checked: a file may hold anything.</summary>
    /// <exception cref="ArgumentException">A value is missing or impossible.</exception>
    public SweepResult ToResult()
    {
        if (MaxBatch < 1 || !IsPlan(Plan) || Curves is null || Curves.Any(curves => curves?.Alone is null || curves.Crowded is null || !IsPlan(curves.Plan)) || Curves.All(curves => curves.Plan != Plan))
        {
            throw new ArgumentException("A value is missing or impossible.");
        }

        return new SweepResult(Plan, MaxBatch, [.. Curves.Select(curves => new PlanCurves(curves.Plan, LatencyCurve.Create(curves.Alone), LatencyCurve.Create(curves.Crowded)))]);
    }

    private static bool IsPlan(LanePlan? plan) => plan is { Lanes: > 0, Threads: > 0 };

    /// <summary>The points of one plan.</summary>
    internal sealed record Measured(LanePlan Plan, IReadOnlyList<CurvePoint> Alone, IReadOnlyList<CurvePoint> Crowded);
}
