using System.Numerics;

namespace EdgeAI.Samples.Digits;

/// <summary>
/// Paints handwritten-looking digits: several shapes a digit, bent, slanted, turned, scaled and moved at random, with pens of many
/// widths, on noisy paper. The same seed paints the same digits. Not thread-safe.
/// </summary>
internal sealed class DigitPainter(int seed)
{
    /// <summary>Width and height of an image in pixels.</summary>
    public const int Side = 28;

    /// <summary>Pixels of an image.</summary>
    public const int PixelCount = Side * Side;

    private const float HalfPixel = 0.5f;

    private readonly Random _random = new(seed);

    /// <summary>Paints a random digit and returns it.</summary>
    /// <param name="pixels">Receives <see cref="PixelCount"/> grey values, row-major, 0 (paper) to 1 (ink).</param>
    public int PaintAny(Span<float> pixels)
    {
        var digit = _random.Next(10);
        Paint(digit, pixels);
        return digit;
    }

    /// <summary>Paints a digit in a random variant.</summary>
    public void Paint(int digit, Span<float> pixels) => Paint(digit, _random.Next(DigitShapes.Of(digit).Count), pixels);

    /// <summary>Paints a given variant of a digit.</summary>
    public void Paint(int digit, int variant, Span<float> pixels)
    {
        var strokes = DigitShapes.Of(digit)[variant];
        var distortion = new Distortion(_random);
        var lines = new Vector2[strokes.Count][];
        for (var i = 0; i < lines.Length; i++) lines[i] = Array.ConvertAll(strokes[i].Points.ToArray(), distortion.Apply);

        pixels = pixels[..PixelCount];
        pixels.Clear();
        var radius = _random.Between(0.5f, 1.8f);
        var softness = _random.Between(0.7f, 2);
        Place(lines, radius + (softness / 2) + HalfPixel);
        DrawInk(lines, radius, softness, pixels);
        AddNoise(pixels);
    }

    /// <summary>Scales and moves the lines to a random place where the ink stays off the image's outermost pixels.</summary>
    private void Place(Vector2[][] lines, float margin)
    {
        var low = new Vector2(float.MaxValue);
        var high = new Vector2(float.MinValue);
        foreach (var point in lines.SelectMany(line => line))
        {
            low = Vector2.Min(low, point);
            high = Vector2.Max(high, point);
        }

        var room = Side - (2 * margin);
        var size = high - low;
        var scale = Math.Min(_random.Between(11, 23), room / Math.Max(size.X, size.Y));
        var slack = new Vector2(room) - (scale * size);
        var origin = new Vector2(margin) + (slack * new Vector2(_random.Between(0.2f, 0.8f), _random.Between(0.2f, 0.8f)));
        foreach (var line in lines)
        {
            for (var i = 0; i < line.Length; i++) line[i] = origin + (scale * (line[i] - low));
        }
    }

    /// <summary>The pen presses harder or softer along each stroke.</summary>
    private void DrawInk(Vector2[][] lines, float radius, float softness, Span<float> pixels)
    {
        var raster = new Raster(pixels, Side, Side);
        foreach (var line in lines)
        {
            var first = radius * _random.Between(0.75f, 1);
            var last = radius * _random.Between(0.75f, 1);
            for (var i = 1; i < line.Length; i++)
            {
                raster.Draw(line[i - 1], line[i], first + ((last - first) * i / line.Length), softness);
            }
        }
    }

    /// <summary>Fades the ink and adds the grain of paper and camera: triangular noise around grey levels that differ from image to image.</summary>
    private void AddNoise(Span<float> pixels)
    {
        var ink = _random.Between(0.55f, 1);
        var paper = _random.Between(0, 0.15f);
        var grain = _random.Between(0.02f, 0.35f);
        foreach (ref var pixel in pixels)
        {
            var noise = grain * (_random.NextSingle() - _random.NextSingle());
            pixel = Math.Clamp(paper + ((ink - paper) * pixel) + noise, 0, 1);
        }
    }
}
