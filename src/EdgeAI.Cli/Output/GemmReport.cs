namespace EdgeAI.Cli.Output;

/// <summary>The rate of a matrix product by the type of its weights and the rows of its left side.</summary>
internal sealed record GemmReport(string Type, int Rows, double Flops);
