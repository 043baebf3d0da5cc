using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EdgeAI.OnnxRuntime.Tests.Environment;

/// <summary>Keeps what is logged.</summary>
internal sealed class CapturingLoggers(LogLevel least = LogLevel.Warning, bool fails = false) : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Entries { get; } = [];

    public ConcurrentQueue<string> Categories { get; } = [];

    public ILogger CreateLogger(string categoryName)
    {
        Categories.Enqueue(categoryName);
        return this;
    }

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Entries.Enqueue((logLevel, formatter(state, exception)));
        if (fails) throw new InvalidOperationException("the logger fails");
    }

    public void Dispose()
    {
    }
}
