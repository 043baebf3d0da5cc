using System.Numerics;

namespace EdgeAI.Samples.Digits;

/// <summary>One movement of the pen as a polyline. Glyphs are one unit high, y grows downwards.</summary>
internal sealed class Stroke
{
    private const int PointsPerTurn = 24;
    private const int PointsPerSpan = 6;

    private Stroke(Vector2[] points) => Points = points;

    public ReadOnlyMemory<Vector2> Points { get; }

    /// <summary>Straight lines from point to point. Each is cut into pieces, so that a distortion can bend it.</summary>
    public static Stroke Line(params ReadOnlySpan<(float X, float Y)> corners)
    {
        var points = new List<Vector2> { ToVector(corners[0]) };
        for (var i = 1; i < corners.Length; i++)
        {
            var from = ToVector(corners[i - 1]);
            var along = ToVector(corners[i]) - from;
            for (var step = 1; step <= PointsPerSpan; step++) points.Add(from + (step / (float)PointsPerSpan * along));
        }

        return new Stroke([.. points]);
    }

    /// <summary>A smooth curve through every point: a uniform Catmull-Rom spline whose ends are repeated.</summary>
    public static Stroke Curve(params ReadOnlySpan<(float X, float Y)> knots)
    {
        var points = new List<Vector2> { ToVector(knots[0]) };
        for (var i = 1; i < knots.Length; i++)
        {
            var before = ToVector(knots[Math.Max(i - 2, 0)]);
            var from = ToVector(knots[i - 1]);
            var to = ToVector(knots[i]);
            var after = ToVector(knots[Math.Min(i + 1, knots.Length - 1)]);
            for (var step = 1; step <= PointsPerSpan; step++) points.Add(Spline(before, from, to, after, step / (float)PointsPerSpan));
        }

        return new Stroke([.. points]);
    }

    /// <summary>A part of an ellipse. Degrees: 0 is right, 90 is down.</summary>
    public static Stroke Arc(float centerX, float centerY, float radiusX, float radiusY, float start = -90, float sweep = 360)
    {
        var spans = Math.Max(2, (int)MathF.Ceiling(MathF.Abs(sweep) / 360 * PointsPerTurn));
        var points = new Vector2[spans + 1];
        for (var i = 0; i <= spans; i++)
        {
            var (sin, cos) = MathF.SinCos(float.DegreesToRadians(start + (sweep * i / spans)));
            points[i] = new Vector2(centerX + (radiusX * cos), centerY + (radiusY * sin));
        }

        return new Stroke(points);
    }

    private static Vector2 Spline(Vector2 before, Vector2 from, Vector2 to, Vector2 after, float t) =>
        0.5f * ((2 * from) + (t * (to - before)) + (t * t * ((2 * before) - (5 * from) + (4 * to) - after)) + (t * t * t * (after - before + (3 * (from - to)))));

    private static Vector2 ToVector((float X, float Y) point) => new(point.X, point.Y);
}
