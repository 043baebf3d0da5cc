namespace EdgeAI.Onnx;

/// <summary>The values that nodes of one graph see: its own, and those of the graphs around it.</summary>
/// <param name="outer">The graph around it; <see langword="null"/> for none.</param>
/// <param name="versions">Versions of the operator sets by domain.</param>
internal sealed class CostScope(CostScope? outer, IReadOnlyDictionary<string, long> versions)
{
    private readonly Dictionary<string, CostValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxValueInfo> _declared = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> Versions => versions;

    public CostValue? Find(string name) => _values.TryGetValue(name, out var value) ? value : outer?.Find(name);

    public void Set(string name, CostValue value) => _values[name] = value;

    /// <summary>A constant as it is stored.</summary>
    public OnnxTensor? FindTensor(string name) => _tensors.TryGetValue(name, out var tensor) ? tensor : _values.ContainsKey(name) ? null : outer?.FindTensor(name);

    public void SetTensor(string name, OnnxTensor tensor) => _tensors[name] = tensor;

    public OnnxValueInfo? Declared(string name) => _declared.GetValueOrDefault(name);

    public void Declare(OnnxValueInfo info) => _declared.TryAdd(info.Name, info);

    /// <summary>How many places in this graph use a value; a result of the graph is one.</summary>
    public int Uses(string name) => _uses.GetValueOrDefault(name);

    public void CountUse(string name) => _uses[name] = _uses.GetValueOrDefault(name) + 1;
}
