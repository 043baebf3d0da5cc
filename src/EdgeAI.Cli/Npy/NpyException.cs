using EdgeAI.Cli.CommandLine;

namespace EdgeAI.Cli.Npy;

/// <summary>A <c>.npy</c> file cannot be read or written: names the file, what is wrong and what to do.</summary>
internal sealed class NpyException(string path, string problem) : ToolException($"{path}: {problem}");
