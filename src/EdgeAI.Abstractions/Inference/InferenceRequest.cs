namespace EdgeAI;

/// <summary>
/// The inputs of one inference and its wishes. A plain object: not thread-safe while it is filled, may be reused once
/// <see cref="IModelHandle.RunAsync"/> has returned. It does not own its tensors.
/// </summary>
public sealed class InferenceRequest
{
    private readonly List<KeyValuePair<string, TensorValue>> _inputs = [];
    private List<KeyValuePair<string, TensorValue>>? _outputs;

    /// <summary>An input by name. Setting it again replaces the tensor.</summary>
    /// <exception cref="KeyNotFoundException">On reading: the input has not been set.</exception>
    public TensorValue this[string inputName]
    {
        get
        {
            var at = Find(_inputs, inputName);
            return at >= 0 ? _inputs[at].Value : throw new KeyNotFoundException($"The request has no input '{inputName}'.");
        }
        set => Set(_inputs, inputName, value);
    }

    /// <summary>The inputs set so far.</summary>
    public IReadOnlyList<KeyValuePair<string, TensorValue>> Inputs => _inputs;

    /// <summary>The destinations set so far.</summary>
    public IReadOnlyList<KeyValuePair<string, TensorValue>> Outputs => _outputs ?? (IReadOnlyList<KeyValuePair<string, TensorValue>>)[];

    /// <summary>The outputs to compute, in this order; <see langword="null"/>: all.</summary>
    public IReadOnlyList<string>? OutputNames { get; init; }

    /// <summary>Who goes first when requests wait. Default: <see cref="RequestPriority.Normal"/>.</summary>
    public RequestPriority Priority { get; init; } = RequestPriority.Normal;

    /// <summary>The only device that may answer, such as <c>cpu:0</c>; <see langword="null"/> lets the router choose.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Time that the answer may take, counted from <see cref="IModelHandle.RunAsync"/>, more than zero; <see langword="null"/>: the model's default.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Whether the request may share a run with others. Default: <see langword="true"/>.</summary>
    public bool AllowBatching { get; init; } = true;

    /// <summary>Requests with the same key are answered in order of arrival; <see langword="null"/>: no order.</summary>
    public string? OrderKey { get; init; }

    /// <summary>Has an output written in place, into a tensor of the caller with the output's exact shape. The response then shares that tensor's storage.</summary>
    public void SetOutput(string outputName, TensorValue destination) => Set(_outputs ??= [], outputName, destination);

    private static void Set(List<KeyValuePair<string, TensorValue>> list, string name, TensorValue tensor)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tensor);
        var at = Find(list, name);
        if (at >= 0) list[at] = new(name, tensor);
        else list.Add(new(name, tensor));
    }

    private static int Find(List<KeyValuePair<string, TensorValue>> list, string name)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].Key == name) return i;
        }

        return -1;
    }
}
