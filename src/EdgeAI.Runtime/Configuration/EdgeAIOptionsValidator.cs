using Microsoft.Extensions.Options;

namespace EdgeAI.Configuration;

/// <summary>Reports every option that is out of range.</summary>
internal sealed class EdgeAIOptionsValidator : IValidateOptions<EdgeAIOptions>
{
    private static readonly TimeSpan _longest = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, EdgeAIOptions options)
    {
        var errors = new List<string>();
        if (options.MaxQueueLength is < 1 or > 1_000_000) errors.Add($"EdgeAIOptions.MaxQueueLength is {options.MaxQueueLength}; it must be 1 to 1,000,000.");
        if (options.AgingPeriod < TimeSpan.FromMilliseconds(1) || options.AgingPeriod > _longest) errors.Add($"EdgeAIOptions.AgingPeriod is {options.AgingPeriod}; it must be 1 ms to 1 h.");
        if (options.DrainTimeout < TimeSpan.Zero || options.DrainTimeout > _longest) errors.Add($"EdgeAIOptions.DrainTimeout is {options.DrainTimeout}; it must be zero to 1 h.");
        if (options.AbortTimeout <= TimeSpan.Zero || options.AbortTimeout > _longest) errors.Add($"EdgeAIOptions.AbortTimeout is {options.AbortTimeout}; it must be more than zero, up to 1 h.");
        if (options.MaxIdlePoolBytes < 0) errors.Add($"EdgeAIOptions.MaxIdlePoolBytes is {options.MaxIdlePoolBytes}; it must be 0 or more.");
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
