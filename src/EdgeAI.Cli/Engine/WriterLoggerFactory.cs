using Microsoft.Extensions.Logging;

namespace EdgeAI.Cli.Engine;

/// <summary>Logs one line for each message to a writer. Thread-safe.</summary>
internal sealed class WriterLoggerFactory(TextWriter writer) : ILoggerFactory
{
    private readonly TextWriter _writer = TextWriter.Synchronized(writer);

    public ILogger CreateLogger(string categoryName) => new WriterLogger(_writer, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The tool logs to one place only.");

    public void Dispose()
    {
    }
}
