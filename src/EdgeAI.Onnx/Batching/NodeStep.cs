using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>One node as the rule of its operator sees it: what is known of its inputs, and what the rule says of its outputs. The first refusal counts.</summary>
internal sealed class NodeStep
{
    /// <summary>Tensors of more axes are not followed.</summary>
    public const int MaxRank = 64;

    private readonly OnnxNode _node;
    private readonly BatchValue?[] _inputs;
    private readonly BatchValue?[] _outputs;

    /// <param name="node">The node.</param>
    /// <param name="version">The version of its operator set.</param>
    /// <param name="inputs">What is known of its inputs; <see langword="null"/> for one that is left out.</param>
    /// <param name="symbols">Names for what is not known.</param>
    public NodeStep(OnnxNode node, long version, BatchValue?[] inputs, SymbolSource symbols)
    {
        _node = node;
        _inputs = inputs;
        _outputs = new BatchValue?[node.Outputs.Length];
        Version = version;
        Symbols = symbols;
        IsShared = Array.TrueForAll(inputs, input => input?.IsShared ?? true);
    }

    public OnnxNode Node => _node;

    public long Version { get; }

    public SymbolSource Symbols { get; }

    /// <summary>Why the rows do not stay apart; <see langword="null"/> where they do.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether all inputs are the same for all mates.</summary>
    public bool IsShared { get; }

    public int InputCount => _inputs.Length;

    public IReadOnlyList<BatchValue?> Inputs => _inputs;

    public bool HasInput(int index) => index < _inputs.Length && _inputs[index] is not null;

    public bool HasOutput(int index) => index < _node.Outputs.Length && _node.Outputs[index].Length > 0;

    /// <summary>A required input, of which the axes must be known.</summary>
    public bool TryInput(int index, out BatchValue value)
    {
        value = HasInput(index) ? _inputs[index]! : BatchValue.Unknown;
        if (value.Shape is not null) return true;
        Refuse(HasInput(index) ? $"has an input '{NameOf(index)}' of unknown rank" : $"lacks input {index}");
        return false;
    }

    /// <summary>The required input 0, which must be the only one with rows.</summary>
    public bool TryOnlyRows(out BatchValue value) => TryInput(0, out value) && RequireShared(1);

    /// <summary>An input's name in messages.</summary>
    public string NameOf(int index) => index < _node.Inputs.Length ? _node.Inputs[index] : "";

    /// <summary>Refuses inputs with rows from a position on.</summary>
    public bool RequireShared(int from, int count = int.MaxValue)
    {
        for (var index = from; index < _inputs.Length && index - from < count; index++)
        {
            if (_inputs[index] is null or { IsShared: true }) continue;
            Refuse($"uses '{NameOf(index)}', which differs between rows, for all rows");
            return false;
        }

        return true;
    }

    /// <summary>The numbers of an input that must be known.</summary>
    public bool TryNumbers(int index, out ImmutableArray<Term> numbers)
    {
        numbers = HasInput(index) && _inputs[index]!.Elements is { } elements ? elements : [];
        if (HasInput(index) && _inputs[index]!.Elements is not null) return true;
        Refuse($"takes numbers from '{NameOf(index)}' that are not known before a request");
        return false;
    }

    /// <summary>The constant numbers of an input that must be known.</summary>
    public bool TryConstants(int index, out ImmutableArray<long> constants)
    {
        constants = [];
        if (!TryNumbers(index, out var numbers)) return false;
        if (!numbers.All(number => number.IsConstant))
        {
            Refuse($"takes numbers from '{NameOf(index)}' that are not known before a request");
            return false;
        }

        constants = [.. numbers.Select(number => number.Factor)];
        return true;
    }

    public long Int(string name, long absent) => Find(name, OnnxAttributeType.Int)?.AsInt() ?? absent;

    /// <summary>An attribute that is 0 or 1; runtimes take other numbers for either.</summary>
    public bool Flag(string name, bool absent = false)
    {
        var value = Int(name, absent ? 1 : 0);
        if (value is not (0 or 1)) Refuse($"has an attribute '{name}' that is neither 0 nor 1");
        return value == 1;
    }

    public string Text(string name, string absent) => Find(name, OnnxAttributeType.String)?.AsString() ?? absent;

    public ImmutableArray<long>? Ints(string name) => Find(name, OnnxAttributeType.Ints)?.AsInts();

    public ImmutableArray<float>? Floats(string name) => Find(name, OnnxAttributeType.Floats)?.AsFloats();

    /// <summary>An axis of a value of that rank, negative ones counted from the end.</summary>
    public bool TryAxis(long axis, int rank, out int result)
    {
        var counted = axis < 0 ? axis + rank : axis;
        result = counted >= 0 && counted < rank ? (int)counted : -1;
        if (result >= 0) return true;
        Refuse($"names axis {axis} of a tensor of {rank} axes");
        return false;
    }

    /// <summary>An attribute that names an axis.</summary>
    public bool TryAxis(string attribute, long absent, int rank, out int result) => TryAxis(Int(attribute, absent), rank, out result);

    /// <summary>Refuses a node that mixes what lies along an axis, if the rows do.</summary>
    public bool KeepsApart(BatchValue value, int axis)
    {
        if (value.Axis != axis) return true;
        Refuse($"mixes the rows of axis {axis}");
        return false;
    }

    /// <summary>Refuses a value whose rows lie along another axis than the given one.</summary>
    public bool RequireAxis(BatchValue value, int axis)
    {
        if (!value.HasRows || value.Axis == axis) return true;
        Refuse($"mixes the rows, which lie along axis {value.Axis} instead of {axis}");
        return false;
    }

    public void Refuse(string problem) => Problem ??= problem;

    /// <summary>Says what an output is.</summary>
    public void Set(int output, BatchValue value)
    {
        if (value.Rank > MaxRank) Refuse($"makes a tensor of {value.Rank} axes");
        else if (output < _outputs.Length) _outputs[output] = value;
    }

    /// <summary>Says that an output has this shape, with the rows where it says.</summary>
    public void SetShape(int output, ImmutableArray<Term> shape)
    {
        if (BatchValue.Shaped(shape) is { } value) Set(output, value);
        else Refuse("makes a tensor with the rows along two axes");
    }

    /// <summary>What an output is; <see langword="null"/> where no rule said.</summary>
    public BatchValue? Output(int index) => _outputs[index];

    private OnnxAttribute? Find(string name, OnnxAttributeType type)
    {
        if (_node.FindAttribute(name) is not { } attribute) return null;
        if (attribute.ReferenceName is null && attribute.Type == type) return attribute;
        Refuse($"has an attribute '{name}' that is not {type}");
        return null;
    }
}
