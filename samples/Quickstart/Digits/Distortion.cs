using System.Numerics;

namespace EdgeAI.Samples.Digits;

/// <summary>
/// One writer's hand at one moment: a smooth elastic bend, then an affine map. A function of the position alone, so strokes that
/// touch still touch afterwards.
/// </summary>
internal sealed class Distortion
{
    private readonly Vector2 _across;
    private readonly Vector2 _down;
    private readonly Wave[] _waves;

    public Distortion(Random random)
    {
        var aspect = random.Between(0.7f, 1.3f);
        var slant = random.Between(-0.4f, 0.4f);
        var (sin, cos) = MathF.SinCos(random.Between(-0.28f, 0.28f));
        _across = aspect * new Vector2(cos, sin);
        _down = new Vector2(-sin, cos) + (slant * new Vector2(cos, sin));
        _waves = [Wave.Draw(random, 0.055f, 1, 5), Wave.Draw(random, 0.055f, 1, 5), Wave.Draw(random, 0.02f, 5, 11)];
    }

    /// <summary>Moves a point of the glyph box; the middle of the box comes to lie near the origin.</summary>
    public Vector2 Apply(Vector2 point)
    {
        // Written out, since Vector2.Transform may fuse multiply and add: then images would differ from processor to processor.
        var bent = point - new Vector2(0.5f);
        foreach (var wave in _waves) bent += wave.At(point);
        return (bent.X * _across) + (bent.Y * _down);
    }

    /// <summary>A plane sine wave that pushes points in one direction.</summary>
    private readonly record struct Wave(Vector2 Push, Vector2 Frequency, float Phase)
    {
        public static Wave Draw(Random random, float amplitude, float lowest, float highest)
        {
            var push = Direction(random) * amplitude;
            var frequency = Direction(random) * random.Between(lowest, highest);
            return new Wave(push, frequency, random.Between(0, MathF.Tau));
        }

        public Vector2 At(Vector2 point) => Push * MathF.Sin(Vector2.Dot(Frequency, point) + Phase);

        private static Vector2 Direction(Random random)
        {
            var (sin, cos) = MathF.SinCos(random.Between(0, MathF.Tau));
            return new Vector2(cos, sin);
        }
    }
}
