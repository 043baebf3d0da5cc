using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Einstein sums with an explicit output and no ellipsis: the letter of the rows must be kept, and only rows may have it.</summary>
internal static class EinsteinSum
{
    public static void Apply(NodeStep step)
    {
        var equation = string.Concat(step.Text("equation", "").Where(c => c != ' '));
        var sides = equation.Split("->");
        var terms = sides[0].Split(',');
        if (sides.Length != 2 || terms.Length != step.InputCount || !equation.All(c => char.IsAsciiLetter(c) || c is ',' or '-' or '>'))
        {
            step.Refuse("is a sum of a form that is not followed");
            return;
        }

        var lengths = new Dictionary<char, Term>();
        for (var input = 0; input < terms.Length; input++)
        {
            if (!step.TryInput(input, out var value)) return;
            if (!Read(step, terms[input], value, lengths)) return;
        }

        var output = sides[1];
        var rows = lengths.Where(pair => pair.Value.HasRows).Select(pair => pair.Key).ToArray();
        if (rows.Any(letter => output.Count(c => c == letter) != 1)) step.Refuse("sums over the rows");
        else if (!output.All(lengths.ContainsKey)) step.Refuse("is a sum of a form that is not followed");
        else step.SetShape(0, [.. output.Select(letter => lengths[letter])]);
    }

    private static bool Read(NodeStep step, string letters, BatchValue value, Dictionary<char, Term> lengths)
    {
        if (letters.Length != value.Rank || letters.Distinct().Count() != letters.Length)
        {
            step.Refuse("is a sum of a form that is not followed");
            return false;
        }

        for (var axis = 0; axis < letters.Length; axis++)
        {
            var length = value.Shape!.Value[axis];
            if (!lengths.TryGetValue(letters[axis], out var known) || known.Is(1) && !length.HasRows)
            {
                lengths[letters[axis]] = length;
            }
            else if (known != length && (known.HasRows || length.HasRows))
            {
                step.Refuse($"pairs the rows with a tensor '{letters}' of another length");
                return false;
            }
        }

        return true;
    }
}
