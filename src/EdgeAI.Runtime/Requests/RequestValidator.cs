using System.Collections.Frozen;

namespace EdgeAI.Requests;

/// <summary>Checks requests against one model's signature and lists every problem. Immutable and thread-safe; a good request costs no allocation.</summary>
internal sealed class RequestValidator
{
    private readonly ModelSignature _signature;
    private readonly FrozenDictionary<string, int> _inputs;
    private readonly FrozenDictionary<string, int> _outputs;
    private readonly OutputSelection _allOutputs;
    private readonly bool[] _isNoTensor;

    /// <summary>Prepares the checks.</summary>
    /// <param name="signature">The model's inputs and outputs.</param>
    /// <param name="isNoTensor">Whether an output is something else than a dense tensor; <see langword="null"/>: none is.</param>
    public RequestValidator(ModelSignature signature, Func<string, bool>? isNoTensor = null)
    {
        _signature = signature;
        _isNoTensor = [.. signature.Outputs.Select(output => isNoTensor?.Invoke(output.Name) ?? false)];
        _inputs = Index(signature.Inputs);
        _outputs = Index(signature.Outputs);
        _allOutputs = OutputSelection.All(signature);
    }

    /// <summary>Copies the request into the work, retaining its tensors. Nothing is retained when it throws.</summary>
    /// <exception cref="InvalidInputException">The request does not fit.</exception>
    public void Fill(InferenceWork work, InferenceRequest request)
    {
        List<string>? problems = null;
        var inputs = request.Inputs;
        for (var i = 0; i < inputs.Count; i++)
        {
            var (name, tensor) = (inputs[i].Key, inputs[i].Value);
            if (!_inputs.TryGetValue(name, out var index)) Add(ref problems, $"there is no input '{name}'");
            else if (!CheckTensor("input", _signature.Inputs[index], tensor, isInput: true, ref problems)) continue;
            else work.Inputs[index] = tensor;
        }

        if (inputs.Count != _inputs.Count || problems is not null) CheckMissing(inputs, ref problems);
        work.Outputs = SelectOutputs(request, ref problems);
        var destinations = request.Outputs;
        for (var i = 0; i < destinations.Count; i++) CheckDestination(work, destinations[i].Key, destinations[i].Value, ref problems);

        if (problems is not null)
        {
            Array.Clear(work.Inputs);
            Array.Clear(work.Destinations);
            throw new InvalidInputException(problems, _signature);
        }

        Retain(work.Inputs);
        Retain(work.Destinations);
    }

    private static FrozenDictionary<string, int> Index(IReadOnlyList<TensorSpec> specs) =>
        specs.Select((spec, index) => KeyValuePair.Create(spec.Name, index)).ToFrozenDictionary(StringComparer.Ordinal);

    private static void Retain(TensorValue?[] tensors)
    {
        foreach (var tensor in tensors) tensor?.Retain();
    }

    private void CheckMissing(IReadOnlyList<KeyValuePair<string, TensorValue>> inputs, ref List<string>? problems)
    {
        foreach (var spec in _signature.Inputs)
        {
            if (inputs.All(input => input.Key != spec.Name)) Add(ref problems, $"the input '{spec.Name}' is missing");
        }
    }

    private OutputSelection SelectOutputs(InferenceRequest request, ref List<string>? problems)
    {
        if (request.OutputNames is not { } names)
        {
            foreach (var index in _allOutputs.Indexes) CheckIsTensor(index, ref problems);
            return _allOutputs;
        }

        if (names.Count == 0) Add(ref problems, "no output is asked for; leave OutputNames null to get all");
        var indexes = new int[names.Count];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < indexes.Length; i++)
        {
            if (!_outputs.TryGetValue(names[i], out indexes[i])) Add(ref problems, $"there is no output '{names[i]}'");
            else if (!seen.Add(names[i])) Add(ref problems, $"the output '{names[i]}' is asked for twice");
            else CheckIsTensor(indexes[i], ref problems);
        }

        return new OutputSelection([.. names], indexes);
    }

    /// <summary>Sequences, maps, optional and sparse values have no tensor to be answered with; a model may have them as long as nobody asks.</summary>
    private void CheckIsTensor(int output, ref List<string>? problems)
    {
        if (_isNoTensor[output]) Add(ref problems, $"the output '{_signature.Outputs[output].Name}' is not a dense tensor and cannot be answered; name the outputs you need in OutputNames");
    }

    private void CheckDestination(InferenceWork work, string name, TensorValue tensor, ref List<string>? problems)
    {
        if (!_outputs.TryGetValue(name, out var index))
        {
            Add(ref problems, $"there is no output '{name}' to write in place");
            return;
        }

        if (!work.Outputs.Indexes.Contains(index)) Add(ref problems, $"the output '{name}' has a destination but is not among OutputNames");
        if (!CheckTensor("destination of output", _signature.Outputs[index], tensor, isInput: false, ref problems)) return;
        if (tensor.ElementType == TensorElementType.String) Add(ref problems, $"the output '{name}' holds strings, which cannot be written in place");
        else if (tensor.Buffer.IsReadOnly) Add(ref problems, $"the destination of output '{name}' is read-only; create it over T[] or Memory<T>");
        else work.Destinations[index] = tensor;
    }

    private static bool CheckTensor(string role, TensorSpec spec, TensorValue tensor, bool isInput, ref List<string>? problems)
    {
        var before = problems?.Count ?? 0;
        if (tensor.IsFreed)
        {
            Add(ref problems, $"the {role} '{spec.Name}' is already disposed");
            return false;
        }

        // A model need not declare the type of an output.
        if (spec.ElementType != TensorElementType.Undefined && tensor.ElementType != spec.ElementType)
        {
            Add(ref problems, $"the {role} '{spec.Name}' holds {tensor.ElementType.ToName()} instead of {spec.ElementType.ToName()}");
        }

        var lengths = tensor.Lengths;
        if (spec.HasRank && lengths.Length != spec.Lengths.Length)
        {
            Add(ref problems, $"the {role} '{spec.Name}' has {lengths.Length} axes {TensorShape.Format(lengths)} instead of {spec.Lengths.Length} {TensorShape.Format(spec.Lengths, spec.LengthNames)}");
        }
        else
        {
            CheckLengths(role, spec, lengths, isInput, ref problems);
        }

        return (problems?.Count ?? 0) == before;
    }

    private static void CheckLengths(string role, TensorSpec spec, ReadOnlySpan<nint> lengths, bool isInput, ref List<string>? problems)
    {
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            var length = lengths[axis];
            var expected = spec.HasRank ? spec.Lengths[axis] : -1;
            if (length < 0) Add(ref problems, $"the {role} '{spec.Name}' has a negative length of {length} on axis {axis}");
            else if (expected >= 0 && length != expected) Add(ref problems, $"the {role} '{spec.Name}' has a length of {length} instead of {expected} on axis {axis}");
            else if (isInput && length == 0 && axis == 0 && expected == -1 && spec.HasRank) Add(ref problems, $"the {role} '{spec.Name}' has no rows: axis 0 is the batch and must be 1 or more");
        }

        if (!TensorShape.TryGetElementCount(lengths, out var count))
        {
            if (!lengths.ContainsAnyInRange(nint.MinValue, -1)) Add(ref problems, $"the {role} '{spec.Name}' has more elements than fit in memory");
        }
        else if (count > int.MaxValue)
        {
            Add(ref problems, $"the {role} '{spec.Name}' has {count} elements; at most {int.MaxValue} are supported");
        }
    }

    private static void Add(ref List<string>? problems, string problem) => (problems ??= []).Add(problem);
}
