namespace EdgeAI.Onnx;

/// <summary>What has been counted so far. Not thread-safe.</summary>
internal sealed class CostTally
{
    public List<NodeCost> Nodes { get; } = [];

    public List<string> Unknown { get; } = [];

    public List<string> Notes { get; } = [];

    public double Flops => Nodes.Sum(node => node.Flops);

    public double Bytes => Nodes.Sum(node => node.WeightBytes + node.BytesRead + node.BytesWritten);

    /// <summary>Adds what another one has, as often as it runs.</summary>
    public void Add(CostTally other, double times = 1)
    {
        Nodes.AddRange(times == 1 ? other.Nodes : other.Nodes.Select(node => node with
        {
            Flops = times * node.Flops,
            WeightBytes = times * node.WeightBytes,
            BytesRead = times * node.BytesRead,
            BytesWritten = times * node.BytesWritten,
            Steps = times * node.Steps,
        }));
        Unknown.AddRange(other.Unknown);
        Notes.AddRange(other.Notes);
    }
}
