using EdgeAI.Onnx;

namespace EdgeAI.Cli.Output;

/// <summary>What a run of a model computes and moves.</summary>
internal sealed record CostReport(double Flops, double WeightBytes, double ActivationBytesRead, double ActivationBytesWritten, IReadOnlyList<FamilyReport> Families, IReadOnlyList<string> Unknown, IReadOnlyList<string> Notes)
{
    public static CostReport From(ModelCost cost) => new(
        cost.Flops,
        cost.WeightBytes,
        cost.ActivationBytesRead,
        cost.ActivationBytesWritten,
        [.. cost.Families.Select(family => new FamilyReport(Name(family.Family), family.Nodes, family.Flops, family.WeightBytes, family.BytesRead, family.BytesWritten))],
        cost.Unknown,
        cost.Notes);

    private static string Name(OperatorFamily family) => family switch
    {
        OperatorFamily.MatrixProduct => "matrix product",
        OperatorFamily.Convolution => "convolution",
        OperatorFamily.Attention => "attention",
        OperatorFamily.Recurrent => "recurrent",
        OperatorFamily.Elementwise => "elementwise",
        OperatorFamily.Normalization => "normalization",
        OperatorFamily.Reduction => "reduction",
        OperatorFamily.Movement => "movement",
        OperatorFamily.Control => "control",
        _ => "unknown",
    };
}
