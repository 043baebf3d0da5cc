using System.CommandLine;
using EdgeAI.Cli.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Cli.Engine;

/// <summary>The engine with every kind of hardware that the tool knows.</summary>
internal static class EngineServices
{
    /// <summary>Services that the caller disposes. With <c>--verbose</c> they log to stderr, otherwise not at all: what matters comes as an exception.</summary>
    public static ServiceProvider Create(ToolHost host, ParseResult arguments)
    {
        var services = new ServiceCollection();

        // Only Ctrl+C leaves requests behind, and then nobody waits for them.
        services.AddEdgeAI(options => options.DrainTimeout = TimeSpan.Zero).AddCpu().AddCuda();
        services.TryAddSingleton(host.TimeProvider);
        if (arguments.GetValue(host.Verbose)) services.TryAddSingleton<ILoggerFactory>(new WriterLoggerFactory(host.Error));
        return services.BuildServiceProvider();
    }
}
