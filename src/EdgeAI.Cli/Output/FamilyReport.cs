namespace EdgeAI.Cli.Output;

/// <summary>The sum over nodes of one family of operators.</summary>
internal sealed record FamilyReport(string Family, int Nodes, double Flops, double WeightBytes, double BytesRead, double BytesWritten);
