using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>Shows on a terminal how far some work is; draws only when told, so that it takes no processor time from what is measured.</summary>
internal static class ProgressBar
{
    /// <summary>Does the work, which reports how much of it is done, 0 to 1.</summary>
    public static Task<T> RunAsync<T>(IAnsiConsole console, string title, Func<Action<double>, Task<T>> work) => console.Profile.Capabilities.Interactive
        ? console.Progress().AutoRefresh(false).AutoClear(true).StartAsync(async context =>
        {
            var task = context.AddTask(title, maxValue: 1);
            context.Refresh();
            return await work(done =>
            {
                task.Value = done;
                context.Refresh();
            }).ConfigureAwait(false);
        })
        : work(_ => { });
}
