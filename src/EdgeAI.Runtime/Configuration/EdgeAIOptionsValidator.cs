using Microsoft.Extensions.Options;

namespace EdgeAI.Configuration;

/// <summary>Reports every option that is out of range.</summary>
internal sealed class EdgeAIOptionsValidator : IValidateOptions<EdgeAIOptions>
{
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan _longestRun = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, EdgeAIOptions options)
    {
        var errors = new List<string>();
        if (options.MaxQueueLength is < 1 or > 1_000_000) errors.Add($"EdgeAIOptions.MaxQueueLength is {options.MaxQueueLength}; it must be 1 to 1,000,000.");
        if (options.AgingPeriod < TimeSpan.FromMilliseconds(1) || options.AgingPeriod > _longest) errors.Add($"EdgeAIOptions.AgingPeriod is {options.AgingPeriod}; it must be 1 ms to 1 h.");
        if (options.DrainTimeout < TimeSpan.Zero || options.DrainTimeout > _longest) errors.Add($"EdgeAIOptions.DrainTimeout is {options.DrainTimeout}; it must be zero to 1 h.");
        if (options.AbortTimeout <= TimeSpan.Zero || options.AbortTimeout > _longest) errors.Add($"EdgeAIOptions.AbortTimeout is {options.AbortTimeout}; it must be more than zero, up to 1 h.");
        if (options.MaxIdlePoolBytes < 0) errors.Add($"EdgeAIOptions.MaxIdlePoolBytes is {options.MaxIdlePoolBytes}; it must be 0 or more.");
        if (options.MaxQueueDelay <= TimeSpan.Zero || options.MaxQueueDelay > _longest) errors.Add($"EdgeAIOptions.MaxQueueDelay is {options.MaxQueueDelay}; it must be more than zero, up to 1 h.");
        if (options.RunTimeout <= TimeSpan.Zero || options.RunTimeout > _longestRun) errors.Add($"EdgeAIOptions.RunTimeout is {options.RunTimeout}; it must be more than zero, up to 1 day.");
        if (options.MaxAbandonedLanes is < 0 or > 256) errors.Add($"EdgeAIOptions.MaxAbandonedLanes is {options.MaxAbandonedLanes}; it must be 0 to 256.");
        if (options.DeviceCheckPeriod < TimeSpan.FromSeconds(1) || options.DeviceCheckPeriod > _longestRun) errors.Add($"EdgeAIOptions.DeviceCheckPeriod is {options.DeviceCheckPeriod}; it must be 1 s to 1 day, or null.");
        if (options.MemoryBudget <= 0) errors.Add($"EdgeAIOptions.MemoryBudget is {options.MemoryBudget}; it must be more than zero, or null.");
        if (options.CacheFolder is { } folder && string.IsNullOrWhiteSpace(folder)) errors.Add("EdgeAIOptions.CacheFolder is empty; name a folder, or null for the default.");
        if (!Enum.IsDefined(options.Cache)) errors.Add($"EdgeAIOptions.Cache is {options.Cache}; it must be ReadWrite, ReadOnly or Off.");
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
