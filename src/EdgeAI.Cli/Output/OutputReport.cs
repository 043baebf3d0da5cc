namespace EdgeAI.Cli.Output;

/// <summary>An output that was written.</summary>
/// <param name="Name">The output's name in the model.</param>
/// <param name="Type">The element type, such as float32.</param>
/// <param name="Shape">Lengths of the axes.</param>
/// <param name="File">The full path.</param>
internal sealed record OutputReport(string Name, string Type, IReadOnlyList<long> Shape, string File);
