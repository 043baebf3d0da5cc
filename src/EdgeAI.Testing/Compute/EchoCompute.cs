namespace EdgeAI.Testing;

/// <summary>
/// What a simulated model answers by default: outputs that depend on the inputs of their own row only, so that a test sees at
/// once when rows or requests are mixed. The rule is documented at <c>SimulatedDeviceOptions.Compute</c>.
/// </summary>
internal static class EchoCompute
{
    /// <summary>Fills one output that is not of strings.</summary>
    public static void Fill(int index, ReadOnlySpan<TensorValue?> inputs, TensorValue output)
    {
        if (FindEcho(index, inputs, output.ElementType, output.Lengths) is { } echoed)
        {
            TensorBytes.Copy(echoed, output);
            return;
        }

        var bytes = TensorBytes.Of(output);
        if (bytes.IsEmpty) return;
        var rows = output.Lengths.IsEmpty ? 1 : (int)output.Lengths[0];
        if (output.ElementType.IsPacked() || FindSummed(inputs, rows) is not { } summed)
        {
            bytes.Clear();
            return;
        }

        var isByRow = HasRows(summed, rows);
        var from = TensorBytes.Of(summed);
        for (var row = 0; row < rows; row++)
        {
            var sum = ElementSum.Of(summed.ElementType, isByRow ? Row(from, row, rows) : from);
            ElementSum.Fill(output.ElementType, Row(bytes, row, rows), sum);
        }
    }

    /// <summary>The elements of an output of strings.</summary>
    public static string[] FillStrings(int index, ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<nint> lengths)
    {
        if (FindEcho(index, inputs, TensorElementType.String, lengths) is { } echoed) return echoed.AsStrings().ToArray();
        var empty = new string[TensorShape.GetElementCount(lengths)];
        Array.Fill(empty, "");
        return empty;
    }

    private static TensorValue? FindEcho(int index, ReadOnlySpan<TensorValue?> inputs, TensorElementType type, ReadOnlySpan<nint> lengths)
    {
        if (index < inputs.Length && inputs[index] is { } own && own.ElementType == type && own.Lengths.SequenceEqual(lengths)) return own;
        foreach (var input in inputs)
        {
            if (input!.ElementType == type && input.Lengths.SequenceEqual(lengths)) return input;
        }

        return null;
    }

    private static TensorValue? FindSummed(ReadOnlySpan<TensorValue?> inputs, int rows)
    {
        TensorValue? first = null;
        foreach (var input in inputs)
        {
            if (!ElementSum.IsNumeric(input!.ElementType)) continue;
            if (HasRows(input, rows)) return input;
            first ??= input;
        }

        return first;
    }

    private static bool HasRows(TensorValue tensor, int rows) => !tensor.Lengths.IsEmpty && tensor.Lengths[0] == rows;

    private static Span<byte> Row(Span<byte> bytes, int row, int rows)
    {
        var length = bytes.Length / rows;
        return bytes.Slice(row * length, length);
    }
}
