using System.Globalization;

namespace EdgeAI.Cli.Bench;

/// <summary>The lengths of one input as written on the command line, such as <c>x=1,3,48,320</c>; <c>sr=</c> for a scalar.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="Lengths">Its lengths.</param>
internal sealed record ShapeArgument(string Input, nint[] Lengths)
{
    /// <summary>Parses it.</summary>
    /// <returns><see langword="null"/> where it is malformed, a length is negative, or they are too large together.</returns>
    public static ShapeArgument? TryParse(string text)
    {
        // Names may contain the sign, lengths cannot.
        var equals = text.LastIndexOf('=');
        if (equals <= 0) return null;

        var lengths = new List<nint>();
        if (equals < text.Length - 1)
        {
            foreach (var part in text[(equals + 1)..].Split(','))
            {
                if (!nint.TryParse(part, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var length)) return null;
                lengths.Add(length);
            }
        }

        nint[] all = [.. lengths];
        return TensorShape.TryGetElementCount(all, out _) ? new ShapeArgument(text[..equals], all) : null;
    }
}
