using static EdgeAI.Samples.Digits.Stroke;

namespace EdgeAI.Samples.Digits;

/// <summary>The ways in which people write each digit, as strokes in a box from 0.2 to 0.8 across and 0 to 1 down.</summary>
internal static class DigitShapes
{
    private static readonly Stroke[][][] _shapes =
    [
        [ // 0: round, narrow, with an overlapping end, slashed
            [Arc(0.5f, 0.5f, 0.30f, 0.5f)],
            [Arc(0.5f, 0.5f, 0.20f, 0.5f)],
            [Curve((0.62f, 0.10f), (0.44f, 0.01f), (0.24f, 0.28f), (0.23f, 0.70f), (0.46f, 1.00f), (0.74f, 0.76f), (0.76f, 0.32f), (0.58f, 0.02f), (0.40f, 0.12f))],
            [Arc(0.5f, 0.5f, 0.29f, 0.5f), Line((0.70f, 0.14f), (0.30f, 0.86f))],
        ],
        [ // 1: a bar, with a flag, with a flag and a foot
            [Line((0.50f, 0.00f), (0.50f, 1.00f))],
            [Line((0.30f, 0.24f), (0.54f, 0.00f), (0.54f, 1.00f))],
            [Line((0.32f, 0.20f), (0.52f, 0.00f), (0.52f, 1.00f)), Line((0.28f, 1.00f), (0.76f, 1.00f))],
        ],
        [ // 2: flat foot, looped foot, angular
            [Curve((0.24f, 0.25f), (0.34f, 0.05f), (0.56f, 0.00f), (0.75f, 0.18f), (0.68f, 0.42f), (0.45f, 0.72f), (0.22f, 1.00f)), Line((0.22f, 1.00f), (0.78f, 1.00f))],
            [Curve((0.25f, 0.22f), (0.42f, 0.02f), (0.68f, 0.08f), (0.70f, 0.35f), (0.50f, 0.68f), (0.28f, 0.95f), (0.20f, 0.86f), (0.34f, 0.80f), (0.56f, 0.95f), (0.80f, 0.94f))],
            [Curve((0.25f, 0.13f), (0.50f, 0.00f), (0.74f, 0.14f), (0.66f, 0.42f)), Line((0.66f, 0.42f), (0.22f, 1.00f), (0.80f, 0.97f))],
        ],
        [ // 3: two bowls, flat top, pointed waist
            [Curve((0.25f, 0.12f), (0.50f, 0.00f), (0.72f, 0.20f), (0.60f, 0.42f), (0.42f, 0.48f)), Curve((0.42f, 0.48f), (0.66f, 0.54f), (0.78f, 0.74f), (0.58f, 0.98f), (0.34f, 0.98f), (0.20f, 0.86f))],
            [Line((0.24f, 0.02f), (0.72f, 0.02f), (0.44f, 0.40f)), Curve((0.44f, 0.40f), (0.70f, 0.50f), (0.76f, 0.75f), (0.55f, 1.00f), (0.22f, 0.90f))],
            [Arc(0.46f, 0.25f, 0.26f, 0.25f, -150, 240), Arc(0.46f, 0.75f, 0.31f, 0.25f, -90, 240)],
        ],
        [ // 4: open, closed, curved
            [Line((0.32f, 0.00f), (0.22f, 0.60f), (0.80f, 0.60f)), Line((0.64f, 0.25f), (0.64f, 1.00f))],
            [Line((0.62f, 1.00f), (0.62f, 0.00f), (0.20f, 0.68f), (0.82f, 0.68f))],
            [Curve((0.26f, 0.02f), (0.24f, 0.32f), (0.38f, 0.52f), (0.70f, 0.46f)), Line((0.73f, 0.00f), (0.68f, 1.00f))],
        ],
        [ // 5: angular, in one sweep, with a loose flag
            [Line((0.74f, 0.02f), (0.32f, 0.02f), (0.28f, 0.44f)), Curve((0.28f, 0.44f), (0.52f, 0.36f), (0.76f, 0.56f), (0.70f, 0.88f), (0.45f, 1.00f), (0.22f, 0.90f))],
            [Curve((0.74f, 0.04f), (0.46f, 0.01f), (0.30f, 0.18f), (0.38f, 0.40f), (0.64f, 0.50f), (0.74f, 0.74f), (0.55f, 0.98f), (0.24f, 0.93f))],
            [Line((0.33f, 0.10f), (0.30f, 0.46f)), Curve((0.30f, 0.46f), (0.54f, 0.40f), (0.74f, 0.60f), (0.66f, 0.92f), (0.22f, 0.96f)), Line((0.38f, 0.03f), (0.80f, 0.00f))],
        ],
        [ // 6: in one sweep, straight stem, curled top
            [Curve((0.66f, 0.02f), (0.40f, 0.20f), (0.25f, 0.55f), (0.28f, 0.85f), (0.50f, 1.00f), (0.74f, 0.84f), (0.70f, 0.60f), (0.48f, 0.52f), (0.28f, 0.70f))],
            [Curve((0.60f, 0.00f), (0.36f, 0.36f), (0.25f, 0.74f)), Arc(0.5f, 0.74f, 0.25f, 0.26f)],
            [Curve((0.70f, 0.12f), (0.55f, 0.00f), (0.34f, 0.16f), (0.24f, 0.50f), (0.30f, 0.90f), (0.54f, 1.00f), (0.74f, 0.80f), (0.62f, 0.58f), (0.40f, 0.60f), (0.27f, 0.76f))],
        ],
        [ // 7: plain, crossed, with a serif
            [Line((0.22f, 0.02f), (0.78f, 0.02f), (0.42f, 1.00f))],
            [Line((0.22f, 0.02f), (0.78f, 0.02f), (0.44f, 1.00f)), Line((0.36f, 0.50f), (0.76f, 0.48f))],
            [Line((0.22f, 0.20f), (0.24f, 0.02f), (0.78f, 0.04f)), Curve((0.78f, 0.04f), (0.58f, 0.38f), (0.46f, 1.00f))],
        ],
        [ // 8: two rings, crossing in one sweep, not quite closed
            [Arc(0.5f, 0.24f, 0.22f, 0.24f), Arc(0.5f, 0.74f, 0.27f, 0.26f)],
            [Curve((0.70f, 0.14f), (0.50f, 0.00f), (0.30f, 0.18f), (0.42f, 0.42f), (0.66f, 0.60f), (0.72f, 0.84f), (0.50f, 1.00f), (0.27f, 0.82f), (0.36f, 0.58f), (0.62f, 0.38f), (0.70f, 0.14f))],
            [Curve((0.72f, 0.10f), (0.50f, 0.00f), (0.28f, 0.20f), (0.50f, 0.46f), (0.74f, 0.72f), (0.50f, 1.00f), (0.26f, 0.76f), (0.50f, 0.50f), (0.70f, 0.24f))],
        ],
        [ // 9: ring and stem, curved tail, slanted stem
            [Arc(0.48f, 0.27f, 0.24f, 0.27f), Line((0.72f, 0.22f), (0.68f, 1.00f))],
            [Curve((0.72f, 0.20f), (0.52f, 0.00f), (0.27f, 0.20f), (0.36f, 0.48f), (0.60f, 0.46f), (0.72f, 0.20f)), Curve((0.72f, 0.20f), (0.74f, 0.60f), (0.60f, 0.94f), (0.32f, 0.94f))],
            [Curve((0.70f, 0.10f), (0.44f, 0.02f), (0.27f, 0.28f), (0.44f, 0.50f), (0.66f, 0.32f), (0.70f, 0.10f)), Line((0.70f, 0.10f), (0.62f, 0.55f), (0.50f, 1.00f))],
        ],
    ];

    /// <summary>The variants of a digit, 0 to 9: the strokes of each.</summary>
    public static IReadOnlyList<IReadOnlyList<Stroke>> Of(int digit) => _shapes[digit];
}
