using System.Text;
using EdgeAI.Samples.Digits;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EdgeAI.Samples.Quickstart;

/// <summary>An image in the terminal: a character shows two pixels, one above the other. The outermost pixels, which are never inked, are left out.</summary>
internal static class DigitView
{
    /// <summary>Columns that a view takes.</summary>
    public const int Columns = Last - First;

    private const int First = 1;
    private const int Last = DigitPainter.Side - 1;

    private const string Shades = " ░▒▓█";

    /// <summary>Draws an image.</summary>
    /// <param name="pixels">Grey values from 0 (paper) to 1 (ink).</param>
    /// <param name="terminal">What the terminal can show; a file or a pipe shows no colours.</param>
    public static IRenderable Draw(float[] pixels, IReadOnlyCapabilities terminal) =>
        terminal.Ansi && terminal.ColorSystem >= ColorSystem.EightBit ? InGrey(pixels) : InShades(pixels);

    private static Paragraph InGrey(float[] pixels)
    {
        var view = new Paragraph();
        for (var y = First; y < Last; y += 2)
        {
            if (y > First) view.Append("\n");
            for (var x = First; x < Last; x++) view.Append("▀", new Style(Grey(At(pixels, x, y)), Grey(At(pixels, x, y + 1))));
        }

        return view;
    }

    private static Text InShades(float[] pixels)
    {
        var sorted = pixels.Order().ToArray();
        var (paper, ink) = (sorted[sorted.Length / 2], sorted[^10]);
        var text = new StringBuilder();
        for (var y = First; y < Last; y += 2)
        {
            if (y > First) text.Append('\n');
            for (var x = First; x < Last; x++)
            {
                var grey = (At(pixels, x, y) + At(pixels, x, y + 1)) / 2;
                text.Append(Shades[Math.Clamp((int)(Shades.Length * (grey - paper) / (ink - paper)), 0, Shades.Length - 1)]);
            }
        }

        return new Text(text.ToString());
    }

    private static float At(float[] pixels, int x, int y) => pixels[(y * DigitPainter.Side) + x];

    private static Color Grey(float ink)
    {
        var level = (byte)(255 * ink);
        return new Color(level, level, level);
    }
}
