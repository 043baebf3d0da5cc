namespace EdgeAI.Evaluation;

/// <summary>A rate that was measured at several sizes. Between them it is read off a straight line over the logarithms of both; beyond them it stays as it is. Immutable.</summary>
internal sealed class RateCurve
{
    private readonly (double Size, double Rate)[] _points;

    /// <param name="points">Sizes and rates, more than 0.</param>
    public RateCurve(IEnumerable<(double Size, double Rate)> points) => _points = [.. points.Where(point => point.Size > 0 && point.Rate > 0).OrderBy(point => point.Size)];

    public bool IsEmpty => _points.Length == 0;

    /// <summary>The rate at a size; 0 where nothing was measured.</summary>
    public double At(double size)
    {
        if (IsEmpty) return 0;
        if (size <= _points[0].Size) return _points[0].Rate;
        for (var index = 1; index < _points.Length; index++)
        {
            var (left, right) = (_points[index - 1], _points[index]);
            if (size > right.Size) continue;
            var share = Math.Log(size / left.Size) / Math.Log(right.Size / left.Size);
            return left.Rate * Math.Pow(right.Rate / left.Rate, share);
        }

        return _points[^1].Rate;
    }
}
