using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>A model of a known shape with random weights: says how fast such a model runs on a machine, with no download.</summary>
internal sealed class SyntheticCheckpoint : ICheckpoint
{
    /// <summary>How a source of this kind begins.</summary>
    public const string Prefix = "synthetic:";

    /// <summary>A model of any shape.</summary>
    public SyntheticCheckpoint(SyntheticShape shape, uint seed, string location)
    {
        Location = location;
        Configuration = shape.ToConfiguration();
        Weights = SyntheticWeights.Of(shape, seed).ToDictionary(weight => weight.Name, Weight (weight) => weight, StringComparer.Ordinal);
    }

    public string Location { get; }

    public JsonObject Configuration { get; }

    public IReadOnlyDictionary<string, Weight> Weights { get; }

    public bool HasInterleavedRotaryRows => false;

    /// <summary>Makes a model.</summary>
    /// <param name="source"><c>synthetic:NAME</c>, or <c>synthetic:NAME@SEED</c> for other weights.</param>
    /// <exception cref="ModelLoadException">The name is not known: lists those that are.</exception>
    public static SyntheticCheckpoint Open(string source)
    {
        var name = source[Prefix.Length..];
        uint seed = 0;
        var at = name.IndexOf('@');
        if (at >= 0)
        {
            if (!uint.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out seed)) throw new ModelLoadException("after @ expected a seed, a whole number from 0 to 4294967295.", source);
            name = name[..at];
        }

        var shape = SyntheticShape.All.FirstOrDefault(shape => shape.Name == name)
            ?? throw new ModelLoadException($"there is no such synthetic model; there are {string.Join(", ", SyntheticShape.All.Select(shape => shape.Name))}.", source);
        return new(shape, seed, source);
    }

    /// <summary>Writes nothing: there is no tokenizer, and the model serves token ids only.</summary>
    public void WriteTokenizerFiles(string folder)
    {
    }

    public void Dispose()
    {
    }
}
