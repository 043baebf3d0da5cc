namespace EdgeAI.Cli.Output;

/// <summary>The rate of an operator at one size.</summary>
internal sealed record OperatorRateReport(string Operator, int Rows, double Flops, double BytesPerSecond);
