using System.Numerics;

namespace EdgeAI.Samples.Digits;

/// <summary>Draws a round pen with soft edges into a grey image, row-major.</summary>
internal readonly ref struct Raster(Span<float> pixels, int width, int height)
{
    private readonly Span<float> _pixels = pixels;

    /// <summary>Draws a segment. Ink does not add up where strokes cross: the darker one stays.</summary>
    /// <param name="from">One end in pixels; pixel (0, 0) is centred on (0.5, 0.5).</param>
    /// <param name="to">The other end.</param>
    /// <param name="radius">Half the pen's width in pixels.</param>
    /// <param name="softness">Width of the edge in pixels over which ink fades, more than 0.</param>
    public void Draw(Vector2 from, Vector2 to, float radius, float softness)
    {
        var reach = new Vector2(radius + softness);
        var low = Vector2.Min(from, to) - reach;
        var high = Vector2.Max(from, to) + reach;
        for (var y = Math.Max(0, (int)low.Y); y < height && y <= high.Y; y++)
        {
            for (var x = Math.Max(0, (int)low.X); x < width && x <= high.X; x++)
            {
                var distance = Distance(new Vector2(x + 0.5f, y + 0.5f), from, to);
                var ink = Math.Clamp(((radius - distance) / softness) + 0.5f, 0, 1);
                ref var pixel = ref _pixels[(y * width) + x];
                pixel = Math.Max(pixel, ink);
            }
        }
    }

    private static float Distance(Vector2 point, Vector2 from, Vector2 to)
    {
        var along = to - from;
        var length = along.LengthSquared();
        var t = length == 0 ? 0 : Math.Clamp(Vector2.Dot(point - from, along) / length, 0, 1);
        return Vector2.Distance(point, from + (t * along));
    }
}
