using EdgeAI.Cli.CommandLine;

namespace EdgeAI.Cli.Bench;

/// <summary>Values that most models accept: floats from 0 to 1, integers from 0 to 9, the same for the same seed.</summary>
internal static class RandomTensors
{
    private const int IntegerBound = 10;

    /// <summary>A tensor that the caller disposes.</summary>
    public static TensorValue Create(TensorSpec input, nint[] lengths, Random random)
    {
        var count = TensorShape.GetElementCount(lengths);
        if (count > Array.MaxLength) throw new ToolException($"The input '{input.Name}' would have {count} elements, more than an array can; give a smaller --shape.");
        return input.ElementType switch
        {
            TensorElementType.Float32 => Fill(count, lengths, random.NextSingle),
            TensorElementType.Float64 => Fill(count, lengths, random.NextDouble),
            TensorElementType.Float16 => Fill(count, lengths, () => (Half)random.NextSingle()),
            TensorElementType.BFloat16 => Fill(count, lengths, () => (BFloat16)random.NextSingle()),
            TensorElementType.Int8 => Fill(count, lengths, () => (sbyte)random.Next(IntegerBound)),
            TensorElementType.UInt8 => Fill(count, lengths, () => (byte)random.Next(IntegerBound)),
            TensorElementType.Int16 => Fill(count, lengths, () => (short)random.Next(IntegerBound)),
            TensorElementType.UInt16 => Fill(count, lengths, () => (ushort)random.Next(IntegerBound)),
            TensorElementType.Int32 => Fill(count, lengths, () => random.Next(IntegerBound)),
            TensorElementType.UInt32 => Fill(count, lengths, () => (uint)random.Next(IntegerBound)),
            TensorElementType.Int64 => Fill(count, lengths, () => (long)random.Next(IntegerBound)),
            TensorElementType.UInt64 => Fill(count, lengths, () => (ulong)random.Next(IntegerBound)),
            TensorElementType.Boolean => Fill(count, lengths, () => random.Next(2) == 1),
            TensorElementType.String => TensorValue.CreateStrings([.. Enumerable.Range(0, (int)count).Select(_ => $"text {random.Next(IntegerBound)}")], lengths),
            _ => throw new ToolException($"The input '{input.Name}' has type {input.ElementType.ToName()}, for which no values are generated; give a file with -i {input.Name}=FILE.npy."),
        };
    }

    private static TensorValue Fill<T>(nint count, nint[] lengths, Func<T> next) where T : unmanaged
    {
        var values = new T[count];
        for (var i = 0; i < values.Length; i++) values[i] = next();
        return TensorValue.Create(values, lengths);
    }
}
