namespace EdgeAI.Benchmarks.Serving;

/// <summary>What the command line takes out of the engine's hands, to see what a choice is worth.</summary>
internal static class PinnedPlan
{
    /// <summary>The options that <see cref="From"/> reads.</summary>
    public static string[] Names { get; } = ["--lanes", "--threads", "--max-batch", "--wait"];

    /// <summary>Sets what was asked for; the rest stays the engine's choice.</summary>
    /// <exception cref="ArgumentException">A value is no good.</exception>
    public static Action<ModelOptions> From(Arguments arguments) => options =>
    {
        if (arguments.Text("--lanes") is not null) options.Lanes = arguments.Count("--lanes", 1);
        if (arguments.Text("--threads") is not null) options.ThreadsPerLane = arguments.Count("--threads", 1);
        if (arguments.Text("--max-batch") is not null) options.MaxBatch = arguments.Count("--max-batch", 1);
        if (arguments.Text("--wait") is { } wait) options.BatchWait = Enum.Parse<BatchWait>(wait, ignoreCase: true);
    };
}
