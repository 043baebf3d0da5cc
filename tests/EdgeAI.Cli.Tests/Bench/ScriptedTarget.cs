using EdgeAI.Cli.Bench;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Cli.Tests.Bench;

/// <summary>Answers in scripted virtual time; the script repeats. A result without a latency is a failure.</summary>
internal sealed class ScriptedTarget(FakeTimeProvider time, params TimeSpan?[] latencies) : IQueryTarget
{
    public int Queries { get; private set; }

    public bool IsBlocking => false;

    public ValueTask<QueryResult> QueryAsync()
    {
        var latency = latencies[Queries++ % latencies.Length];
        if (latency is null) return ValueTask.FromResult(new QueryResult(null, 0, new InvalidOperationException("scripted")));
        time.Advance(latency.Value);
        return ValueTask.FromResult(new QueryResult("sim:0", 1));
    }
}
